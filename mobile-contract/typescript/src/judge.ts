// Judging an opened code: one rule for the server, which knows the status, and an app, which knows a
// list.

import type { Credential } from "./credential.js";
import { inForce, type KeySet } from "./keys.js";
import { open, type Opened, type Refusal } from "./open.js";
import type { StatusFact } from "./status.js";
import { isAuthentic, type Reason, type Verdict } from "./verdict.js";

/** A phone's code is good this many seconds after it was made … */
export const FRESH_SECONDS = 90;
/** … and this many before, since clocks differ. */
export const FUTURE_SECONDS = 30;
/**
 * How far a clock may lie behind the floor before it is not believed, in seconds, where the bundle
 * says nothing else.
 */
export const CLOCK_TOLERANCE_SECONDS = 300;

/** The verifier's time, in Unix seconds. */
export interface Moment {
  /** What its clock says. */
  readonly now: number;
  /** Before what it cannot be; none where the clock is trusted. */
  readonly floor: Floor | null;
}

/** A moment that has certainly passed. */
export interface Floor {
  /** The newest `iat` of a bundle or status list that was verified, never of a presentation. */
  readonly at: number;
  /** How far a clock may lie behind it and still be believed, in seconds. */
  readonly tolerance: number;
}

/** What the verifier knows besides the code. */
export interface Circumstances {
  /** When it is. */
  readonly moment: Moment;
  /** What is known of the status. */
  readonly status: StatusFact;
  /**
   * Whether the credential is on the list of those that the issuer did sign: asked only of a
   * compromised key's.
   */
  readonly knownGenuine: boolean;
  /** Whether the same (id, iat, challenge) was seen shortly before. */
  readonly replayed: boolean;
  /** Whether a challenge was asked for. */
  readonly challenged: boolean;
}

/**
 * How much a code proves, should it come to that.
 *
 * - `PRINTED`: a printed code: it proves no time, and may be a copy.
 * - `PHONE`: a phone's code made at its time.
 * - `CHALLENGED`: a phone's code made in answer to this verifier's challenge.
 */
export type Evidence = "PRINTED" | "PHONE" | "CHALLENGED";

/** The answer to a scan. Times are Unix seconds; ids and kids are in hexadecimal. */
export interface Judgement {
  /** The first verdict that applies. */
  readonly verdict: Verdict;
  /** Remarks beside it. */
  readonly reasons: readonly Reason[];
  /** What the code says, unless the verdict is that it may not be believed. */
  readonly credential: Credential | null;
  /** The credential's id, if its signature is good. */
  readonly credentialId: string | null;
  /** The key the code names, if it could be read. */
  readonly kid: string | null;
  /** How much it proves; none where the showing itself is not proved. */
  readonly evidence: Evidence | null;
  /** When a phone showed it, by the phone's clock. */
  readonly shownAt: number | null;
  /** When the status relied on was so. */
  readonly statusAsOf: number | null;
  /** How many seconds ago that was. */
  readonly statusAge: number | null;
}

/** The judgement of a code that could not be opened. */
export function refused({ verdict, reasons, kid }: Refusal): Judgement {
  return {
    verdict,
    reasons,
    credential: null,
    credentialId: null,
    kid,
    evidence: null,
    shownAt: null,
    statusAsOf: null,
    statusAge: null,
  };
}

/** What a verifier holds when it scans. */
export interface Verifier {
  /** The trusted keys. */
  readonly keys: KeySet;
  /** The ids, in hexadecimal, that compromised keys are known to have signed for the issuer. */
  readonly knownGenuine: ReadonlySet<string>;
  /** The challenge it has asked for, if any. */
  readonly challenge: Uint8Array | null;
  /** The time. */
  readonly moment: Moment;
}

/**
 * Verifies a code offline: a whole URL, or its digits. `status` looks up the credential's place in
 * the status lists.
 */
export async function verify(
  input: string,
  { keys, knownGenuine, challenge, moment }: Verifier,
  status: (credential: Credential) => StatusFact,
): Promise<Judgement> {
  const result = await open(input, keys, challenge);
  if ("refusal" in result) return refused(result.refusal);
  const { opened } = result;
  return judge(opened, {
    moment,
    status: status(opened.credential),
    knownGenuine: knownGenuine.has(opened.id),
    replayed: false,
    challenged: challenge !== null,
  });
}

/** Judges an opened code. */
export function judge(opened: Opened, circumstances: Circumstances): Judgement {
  const { credential, id, kid, shown } = opened;
  const { moment, status, replayed } = circumstances;
  const { now } = moment;
  const verdict = decide(opened, circumstances);
  const believed = isAuthentic(verdict);
  const proved = believed ? evidence(opened) : null;
  const shownAt = shown.how === "BY_PHONE" ? shown.issuedAt : null;
  const reasons: Reason[] = [];
  if (replayed) reasons.push("REPLAYED");
  if (shownAt !== null && shownAt > now + FUTURE_SECONDS) reasons.push("FROM_THE_FUTURE");
  if (circumstances.challenged && proved !== null && proved !== "CHALLENGED") {
    reasons.push("CHALLENGE_UNANSWERED");
  }
  if (believed && credential.nameCut) reasons.push("NAME_CUT");
  return {
    verdict,
    reasons,
    credential: believed ? credential : null,
    credentialId: id,
    kid,
    evidence: proved,
    shownAt,
    statusAsOf: status.asOf,
    statusAge: status.asOf === null ? null : now - status.asOf,
  };
}

function evidence({ shown }: Opened): Evidence | null {
  if (shown.how === "PRINTED") return "PRINTED";
  if (shown.how !== "BY_PHONE") return null;
  return shown.challenge ? "CHALLENGED" : "PHONE";
}

/** The first verdict that applies, in their order. */
function decide({ credential, key, shown }: Opened, circumstances: Circumstances): Verdict {
  const { moment, status, knownGenuine } = circumstances;
  const { now, floor } = moment;

  // A clock set back must not bring an old key to life again.
  if (!inForce(key, Math.max(now, floor?.at ?? now))) return "UNKNOWN_ISSUER";
  if (status.known === "NOT_RECORDED" || (key.compromisedSince !== null && !knownGenuine)) {
    return "KEY_COMPROMISED";
  }
  if (shown.how === "BARE") return "PRESENTATION_MISSING";
  switch (status.status) {
    case "LOST":
    case "REVOKED":
    case "CANCELLED":
    case "INVALID":
    case "SUSPENDED":
      return status.status;
  }
  if (floor !== null && now < floor.at - floor.tolerance) return "CLOCK_UNTRUSTED";
  // The dates in a printed code are the certificate's. Those in a phone's are of one day's
  // credential, and only say when the phone could show it.
  const printed = shown.how === "PRINTED";
  if (status.status === "NOT_YET_VALID" || (printed && now < credential.notBefore)) {
    return "NOT_YET_VALID";
  }
  if (status.status === "EXPIRED" || (printed && now >= credential.expires)) return "EXPIRED";
  if (shown.issuedAt !== null && !isFresh(credential, shown.issuedAt, now)) return "STALE_CODE";
  if (shown.how === "FOR_ANOTHER") return "CHALLENGE_BOUND";
  if (status.status !== "VALID") return "STATUS_UNKNOWN";
  return status.known === "FRESH" ? "VALID" : "VALID_STALE";
}

/** Whether a phone made its code just now, and while its credential was in force. */
function isFresh({ notBefore, expires }: Credential, issuedAt: number, now: number): boolean {
  const age = now - issuedAt;
  const justNow = -FUTURE_SECONDS <= age && age <= FRESH_SECONDS;
  return justNow && notBefore <= issuedAt && issuedAt < expires;
}
