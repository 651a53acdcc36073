// A list as CWT (Token Status List, section 5.2): a tagged `COSE_Sign1` over a map of claims.
//
// Ours is deterministic CBOR with everything in the protected header. Other issuers order their maps
// otherwise, put the kid beside the protected header and add claims: all of that is read, and what is
// not known is passed over.

import { type Bytes, copied } from "./bytes.js";
import { Reader } from "./cbor.js";
import { sigStructure, TAG } from "./cose.js";
import { algorithmOf, SIGNATURE_BYTES } from "./keys.js";
import { malformed } from "./refused.js";
import type { SignedList } from "./statusList.js";

/** The media type of a list as CWT. */
const MEDIA_TYPE = "application/statuslist+cwt";

// Labels of a header (RFC 9052, section 3.1; RFC 9596, section 2).
const ALG = 1n;
const CRIT = 2n;
const KID = 4n;
const TYP = 16n;

// Keys of the claims (RFC 8392, section 4; Token Status List, section 14.3).
const ISS = 1n;
const SUB = 2n;
const EXP = 4n;
const IAT = 6n;
const STATUS_LIST = 65_533n;
const TTL = 65_534n;

/** Entries of a map that are looked at. */
const MOST_ENTRIES = 32;

/** What the two headers say. */
interface Headers {
  algorithm?: bigint;
  kid?: Bytes;
  typ?: string;
}

export function readCwt(bytes: Bytes): SignedList {
  const reader = new Reader(bytes);
  reader.tag(TAG);
  reader.array(4);
  const header = reader.bytes();
  const headers: Headers = {};
  const inside = new Reader(header);
  readHeaders(headers, inside, true);
  inside.end();
  readHeaders(headers, reader, false);
  const payload = reader.bytes();
  const signature = reader.fixed(SIGNATURE_BYTES);
  reader.end();
  if (headers.typ !== MEDIA_TYPE) malformed();
  return {
    algorithm: algorithmOf(headers.algorithm ?? malformed()) ?? malformed(),
    kid: headers.kid ?? null,
    message: sigStructure(header, new Uint8Array(), payload),
    signature,
    ...readClaims(payload),
  };
}

function readHeaders(headers: Headers, reader: Reader, signed: boolean): void {
  eachEntry(reader, (label) => {
    // What decides how the message is read counts only where it is signed too.
    if (label === ALG && signed) headers.algorithm = reader.int();
    else if (label === TYP && signed) headers.typ = reader.text();
    else if (label === KID && headers.kid === undefined) headers.kid = reader.bytes();
    else if (label === ALG || label === TYP || label === KID || label === CRIT) malformed();
    else reader.skip();
  });
}

function readClaims(payload: Bytes) {
  const reader = new Reader(payload);
  let subject: string | undefined;
  let issuer: string | null = null;
  let issuedAt: number | undefined;
  let expires: number | null = null;
  let ttl: number | null = null;
  let entries: { bits: number; compressed: Bytes } | undefined;
  eachEntry(reader, (key) => {
    if (key === ISS) issuer = reader.text();
    else if (key === SUB) subject = reader.text();
    else if (key === EXP) expires = reader.number();
    else if (key === IAT) issuedAt = reader.number();
    else if (key === TTL) ttl = reader.number();
    else if (key === STATUS_LIST) entries = readEntries(reader);
    else reader.skip();
  });
  reader.end();
  return {
    subject: subject ?? malformed(),
    issuer,
    issuedAt: issuedAt ?? malformed(),
    expires,
    ttl,
    ...(entries ?? malformed()),
  };
}

function readEntries(reader: Reader): { bits: number; compressed: Bytes } {
  let bits: number | undefined;
  let compressed: Bytes | undefined;
  const entries = reader.mapLength();
  for (let entry = 0; entry < entries; entry += 1) {
    const name = reader.text();
    if (name === "bits" && bits === undefined) bits = reader.u32();
    else if (name === "lst" && compressed === undefined) compressed = copied(reader.bytes());
    else if (name === "bits" || name === "lst") malformed();
    else reader.skip();
  }
  if (bits === undefined || bits > 255 || !compressed) return malformed();
  return { bits, compressed };
}

/** Goes through a map whose keys are numbers, in whatever order; the same key twice is no map. */
function eachEntry(reader: Reader, read: (key: bigint) => void): void {
  const seen = new Set<bigint>();
  const entries = reader.mapLength();
  for (let entry = 0; entry < entries; entry += 1) {
    const key = reader.int();
    if (seen.has(key) || seen.size >= MOST_ENTRIES) malformed();
    seen.add(key);
    read(key);
  }
}
