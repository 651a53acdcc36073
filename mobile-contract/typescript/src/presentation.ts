// The presentation: a phone shows its credential and proves, with its own key, that it does so now.

import { type Bytes, concat, utf8 } from "./bytes.js";
import { Reader } from "./cbor.js";
import { malformed } from "./refused.js";

/** What marks a presentation, where a credential has its profile. */
const PROFILE = 3;

/** Signed along with a presentation, before the challenge. */
const DOMAIN = utf8("liangzheng/show/1\0");

/** The length of a challenge, in bytes. */
export const CHALLENGE_BYTES = 16;

/** A presentation as it was read; nothing of it is verified yet. */
export interface Presentation {
  /** `iat`, in Unix seconds. */
  readonly issuedAt: number;
  readonly challenged: boolean;
  /** The tagged phone credential. */
  readonly credential: Bytes;
}

export function readPresentation(payload: Bytes): Presentation {
  const reader = new Reader(payload);
  reader.array(4);
  reader.exactly(PROFILE);
  const issuedAt = reader.time();
  const challenged = reader.uint();
  if (challenged > 1n) malformed();
  const credential = reader.bytes();
  reader.end();
  return { issuedAt, challenged: challenged === 1n, credential };
}

/** What a phone signs along with its presentation. */
export function externalAad(challenge: Uint8Array | null): Bytes {
  return concat([DOMAIN, challenge ?? new Uint8Array()]);
}
