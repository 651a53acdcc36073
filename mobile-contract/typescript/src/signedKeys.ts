// The keys of a deployment, signed by a root: what a bundle carries.

import { type Bytes, utf8 } from "./bytes.js";
import { Reader } from "./cbor.js";
import { message, readSign1 } from "./cose.js";
import { algorithmOf, type KeyRecord, keyUseOf, PublicKey } from "./keys.js";
import { malformed, Refused } from "./refused.js";

/** Signed along with the keys. */
const DOMAIN = utf8("liangzheng/keys/1");
/** Keys that are read at most. */
const MAX_KEYS = 256;

// Labels, in the order of deterministic CBOR.
const ISSUER = 1;
const VERSION = 2;
const KEYS = 3;
const IAT = 6;

/** Who is trusted before anything was fetched. */
export interface Pinned {
  /** The root keys: the one in use, and where it is to be replaced, the next. */
  readonly roots: readonly PublicKey[];
  /** The deployment: its public address, `https://HOST`. */
  readonly issuer: string;
}

/** The keys of a deployment. */
export interface SignedKeys {
  readonly issuer: string;
  /** Rises with every change. */
  readonly version: bigint;
  readonly records: readonly KeyRecord[];
}

/** The keys, if a pinned root signed them for the pinned issuer. */
export async function verifyKeys(bytes: Bytes, pinned: Pinned): Promise<SignedKeys> {
  const signed = readSign1(bytes);
  const keys = await readKeys(signed.payload);
  const toVerify = message(signed, DOMAIN);
  let refusal = "UNKNOWN_ROOT";
  for (const root of pinned.roots) {
    if (signed.kid !== root.kid || BigInt(root.algorithm) !== signed.algorithm) continue;
    if ((await root.verify(toVerify, signed.signature)) === "GOOD") {
      if (keys.issuer === pinned.issuer) return keys;
      throw new Refused("OTHER_ISSUER");
    }
    refusal = "SIGNATURE_INVALID";
  }
  throw new Refused(refusal);
}

async function readKeys(payload: Bytes): Promise<SignedKeys> {
  const reader = new Reader(payload);
  reader.map(4);
  const issuer = reader.at(ISSUER).text();
  const version = reader.at(VERSION).uint();
  const read = reader.at(KEYS).list(MAX_KEYS, readRecord);
  reader.at(IAT).time();
  reader.end();
  const records: KeyRecord[] = [];
  for (const { use, algorithm, bytes, ...record } of read) {
    // A key of an algorithm or use that this version does not know says nothing to it.
    if (use === null || algorithm === null) continue;
    const publicKey = (await PublicKey.fromBytes(algorithm, bytes)) ?? malformed();
    records.push({ publicKey, use, ...record });
  }
  return { issuer, version, records };
}

function readRecord(reader: Reader) {
  const entries = reader.arrayLength();
  if (entries !== 5 && entries !== 6) malformed();
  const use = keyUseOf(reader.uint());
  const algorithm = algorithmOf(reader.int());
  const bytes = reader.bytes();
  const notBefore = reader.time();
  const notAfter = reader.time();
  const compromisedSince = entries === 6 ? reader.time() : null;
  return { use, algorithm, bytes, notBefore, notAfter, compromisedSince };
}
