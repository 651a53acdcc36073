// `COSE_Sign1` (RFC 9052, section 4.2) as the profile has it: tagged, one signature of 64 bytes,
// nothing in the unprotected map, and in the protected one the algorithm and perhaps a kid.

import { type Bytes, concat, toHex } from "./bytes.js";
import { Reader, write } from "./cbor.js";
import { SIGNATURE_BYTES } from "./keys.js";
import { malformed } from "./refused.js";

/** The CBOR tag of a `COSE_Sign1` message. */
export const TAG = 18;

// Labels of the protected header (RFC 9052, section 3.1).
const ALG = 1;
const KID = 4;

/** A message as it was read; nothing of it is verified yet. */
export interface Sign1 {
  /** The protected header as it was signed. */
  readonly header: Bytes;
  /** The algorithm's number, which may be one we do not know. */
  readonly algorithm: bigint;
  /** The key's name in hexadecimal; none in a presentation. */
  readonly kid: string | null;
  readonly payload: Bytes;
  readonly signature: Bytes;
}

export function readSign1(bytes: Bytes): Sign1 {
  const reader = new Reader(bytes);
  reader.tag(TAG);
  reader.array(4);
  const header = reader.bytes();
  reader.map(0);
  const payload = reader.bytes();
  const signature = reader.fixed(SIGNATURE_BYTES);
  reader.end();

  const inside = new Reader(header);
  const entries = inside.mapLength();
  if (entries !== 1 && entries !== 2) malformed();
  const algorithm = inside.at(ALG).int();
  const kid = entries === 2 ? toHex(inside.at(KID).fixed(4)) : null;
  inside.end();
  return { header, algorithm, kid, payload, signature };
}

/** The bytes that were signed. */
export function message({ header, payload }: Sign1, externalAad: Bytes): Bytes {
  return sigStructure(header, externalAad, payload);
}

/** RFC 9052, section 4.4. */
export function sigStructure(header: Bytes, externalAad: Bytes, payload: Bytes): Bytes {
  return concat([
    write.array(4),
    write.text("Signature1"),
    write.bytes(header),
    write.bytes(externalAad),
    write.bytes(payload),
  ]);
}

/** A finished tagged message. */
export function seal(header: Bytes, payload: Bytes, signature: Bytes): Bytes {
  return concat([
    write.tag(TAG),
    write.array(4),
    write.bytes(header),
    write.map(0),
    write.bytes(payload),
    write.bytes(signature),
  ]);
}
