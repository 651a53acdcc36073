// The words of an answer: verdicts in order of precedence, what the public is told of them, and
// remarks that stand beside them.

/**
 * Every verdict, the first that applies taking precedence.
 *
 * - `UNREADABLE`: not a code of this format.
 * - `UNKNOWN_ISSUER`: well formed, but signed by nobody we know or by a means we cannot verify.
 * - `SIGNATURE_INVALID`: it names a key of ours, which did not sign it; or not the phone it is bound
 *   to shows it.
 * - `KEY_COMPROMISED`: signed by a key that others may have, and not known to be genuine.
 * - `PRESENTATION_MISSING`: a phone credential without the phone.
 * - `LOST`, `REVOKED`, `CANCELLED`: so reported (server only).
 * - `INVALID`: one of the last three; a status list cannot say which (offline only).
 * - `SUSPENDED`: suspended.
 * - `CLOCK_UNTRUSTED`: the verifying device's clock is behind what it has already seen signed.
 * - `NOT_YET_VALID`, `EXPIRED`: not yet in force, no longer in force.
 * - `STALE_CODE`: a phone's code that was not made just now.
 * - `CHALLENGE_BOUND`: a phone's code made for a challenge that the verifier does not hold.
 * - `STATUS_UNKNOWN`: genuine, but nothing recent enough is known of its status.
 * - `VALID_STALE`: genuine, and in force when last heard of.
 * - `VALID`: genuine and in force.
 */
export const VERDICTS = [
  "UNREADABLE",
  "UNKNOWN_ISSUER",
  "SIGNATURE_INVALID",
  "KEY_COMPROMISED",
  "PRESENTATION_MISSING",
  "LOST",
  "REVOKED",
  "CANCELLED",
  "INVALID",
  "SUSPENDED",
  "CLOCK_UNTRUSTED",
  "NOT_YET_VALID",
  "EXPIRED",
  "STALE_CODE",
  "CHALLENGE_BOUND",
  "STATUS_UNKNOWN",
  "VALID_STALE",
  "VALID",
] as const;

/** The answer to a scan; see {@link VERDICTS}. */
export type Verdict = (typeof VERDICTS)[number];

/**
 * A verdict as the public reads it: a suspension and a revocation are both NOT_AUTHORISED, without a
 * ground.
 */
export type PublicVerdict = Exclude<Verdict, "REVOKED" | "SUSPENDED"> | "NOT_AUTHORISED";

/**
 * A remark beside a verdict, which it does not change.
 *
 * - `REPLAYED`: the same code was shown shortly before.
 * - `FROM_THE_FUTURE`: the phone's code is dated later than now: one of the two clocks is wrong.
 * - `OTHER_DEVICE`: the credential is genuine, but another device shows it.
 * - `CHALLENGE_UNANSWERED`: a challenge was asked for, and this is an ordinary code: it proves no
 *   more than ever.
 * - `NAME_CUT`: the code holds only the beginning of the name.
 */
export type Reason =
  | "REPLAYED"
  | "FROM_THE_FUTURE"
  | "OTHER_DEVICE"
  | "CHALLENGE_UNANSWERED"
  | "NAME_CUT";

/**
 * Reads a word. One that is not known, from a newer server perhaps, is unknown, never valid: an app
 * shows the words of `unknownVerdict` then.
 */
export function verdictOf(word: string): Verdict {
  return VERDICTS.find((verdict) => verdict === word) ?? "STATUS_UNKNOWN";
}

/** Whether the issuer's signature, and so what the code says, may be believed. */
export function isAuthentic(verdict: Verdict): boolean {
  return VERDICTS.indexOf(verdict) > VERDICTS.indexOf("KEY_COMPROMISED");
}

/** What the public page says. */
export function inPublic(verdict: Verdict): PublicVerdict {
  return verdict === "REVOKED" || verdict === "SUSPENDED" ? "NOT_AUTHORISED" : verdict;
}
