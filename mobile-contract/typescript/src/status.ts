// What a verifier knows of a certificate's status, and how well.

/**
 * The state of a certificate as far as a verdict depends on it. A list knows `VALID`, `SUSPENDED`
 * and `INVALID`, which is one of `LOST`, `REVOKED` and `CANCELLED`; a server knows the others.
 */
export type CertificateStatus =
  | "VALID"
  | "NOT_YET_VALID"
  | "EXPIRED"
  | "SUSPENDED"
  | "LOST"
  | "REVOKED"
  | "CANCELLED"
  | "INVALID";

/**
 * The status and how it was learned; `asOf` is when it was so, in Unix seconds.
 *
 * - `FRESH`: from a list within its time to live.
 * - `STALE`: from a list that should have been fetched again, but may still be relied on.
 * - `UNKNOWN`: nothing that may be relied on: no list, or too old a list.
 * - `NOT_RECORDED`: the server has no such credential on record (server only).
 */
export type StatusFact =
  | {
      readonly known: "FRESH" | "STALE";
      readonly status: CertificateStatus;
      readonly asOf: number;
    }
  | { readonly known: "UNKNOWN" | "NOT_RECORDED"; readonly status: null; readonly asOf: null };

/** Nothing is known. */
export const UNKNOWN: StatusFact = { known: "UNKNOWN", status: null, asOf: null };

/** An entry of a Token Status List, whose signature was verified before. Times are Unix seconds. */
export interface ListEntry {
  /** The two bits at the credential's index. */
  readonly bits: number;
  /** `iat` of the list. */
  readonly issuedAt: number;
  /** `exp` of the list. */
  readonly expires: number;
  /** `ttl` of the list, in seconds. */
  readonly ttl: number;
}

const MEANINGS: readonly CertificateStatus[] = ["VALID", "INVALID", "SUSPENDED"];

/**
 * What a list says at `now` (Unix seconds), where the bundle's policy allows lists to be at most
 * `largestStaleness` seconds old.
 *
 * Fresh up to `ttl`, if that is no longer than the largest staleness; stale up to `exp` and the largest staleness; then unknown. But an end is final:
 * that a certificate was revoked, cancelled or lost stays true however old the list is.
 */
export function fromList(entry: ListEntry, largestStaleness: number, now: number): StatusFact {
  const status = MEANINGS[entry.bits];
  if (status === undefined) return UNKNOWN;
  const asOf = entry.issuedAt;
  const age = now - asOf;
  const fresh = now <= entry.expires && age <= Math.min(entry.ttl, largestStaleness);
  if (fresh) return { known: "FRESH", status, asOf };
  const relied = now <= entry.expires && age <= largestStaleness;
  return relied || status === "INVALID" ? { known: "STALE", status, asOf } : UNKNOWN;
}
