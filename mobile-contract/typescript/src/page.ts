// What a page that anybody may see draws of an answer: the same as the page of the server.

import type { Credential } from "./credential.js";
import type { Answer } from "./offline.js";
import { inPublic, type PublicVerdict } from "./verdict.js";
import type { Agency } from "./wire.js";

/**
 * How much of a certificate a page may show; each step includes those before it.
 *
 * - `NOTHING`: nothing from the code, not even of what kind it is.
 * - `FACTS`: name, agency, number and the other facts.
 * - `PHOTO`: the photo too, with the reminder to compare it.
 */
export type Disclosure = "NOTHING" | "FACTS" | "PHOTO";

/** What a page draws. */
export interface Page {
  /** The word, as in `data-verdict`. */
  readonly verdict: PublicVerdict;
  /** How much may be shown. */
  readonly disclosure: Disclosure;
  /** What the code says, where it may be shown. */
  readonly credential: Credential | null;
  /** The holder's agency, where it is known and may be shown. */
  readonly agency: Agency | null;
}

/**
 * An ended certificate shows no photo; `NOT_AUTHORISED` may be an ended one and must not tell which.
 * Of a code out of date, or scanned by a clock that is not believed, only that is said.
 */
const DISCLOSURES: Readonly<Partial<Record<PublicVerdict, Disclosure>>> = {
  VALID: "PHOTO",
  VALID_STALE: "PHOTO",
  STATUS_UNKNOWN: "PHOTO",
  NOT_YET_VALID: "PHOTO",
  EXPIRED: "FACTS",
  NOT_AUTHORISED: "FACTS",
  CANCELLED: "FACTS",
  LOST: "FACTS",
  INVALID: "FACTS",
};

/** What a page may draw of an answer. */
export function pageOf({ judgement, agency }: Answer): Page {
  const verdict = inPublic(judgement.verdict);
  const disclosure = DISCLOSURES[verdict] ?? "NOTHING";
  const hidden = disclosure === "NOTHING";
  return {
    verdict,
    disclosure,
    credential: hidden ? null : judgement.credential,
    agency: hidden ? null : agency,
  };
}
