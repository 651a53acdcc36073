// The key of the holder's phone inside a phone credential: a `COSE_Key` (RFC 9052, section 7) under
// `cnf` (RFC 8747).

import { type Bytes, copied } from "./bytes.js";
import type { Reader } from "./cbor.js";
import { Algorithm, PublicKey } from "./keys.js";
import { uncompressed } from "./p256.js";
import { malformed } from "./refused.js";

// Labels and values of a `COSE_Key` (RFC 9053, section 7).
const KTY = 1;
const CRV = -1;
const X = -2;
const Y = -3;
const KTY_OKP = 1n;
const KTY_EC2 = 2n;
const CRV_P256 = 1n;
const CRV_ED25519 = 6n;

/**
 * A phone's public key, as small as it can be written: an Ed25519 key, or a P-256 key with
 * compressed y.
 *
 * What was read may still be no point of its curve: that costs a square root to find out, and is
 * asked only after the issuer's signature was found good.
 */
export type DeviceKey =
  | { readonly curve: "Ed25519"; readonly x: Uint8Array }
  | { readonly curve: "P-256"; readonly x: Uint8Array; readonly yOdd: boolean };

export function readDeviceKey(reader: Reader): DeviceKey {
  const entries = reader.mapLength();
  const kty = reader.at(KTY).int();
  const crv = reader.at(CRV).int();
  const x = copied(reader.at(X).fixed(32));
  if (entries === 3 && kty === KTY_OKP && crv === CRV_ED25519) return { curve: "Ed25519", x };
  if (entries === 4 && kty === KTY_EC2 && crv === CRV_P256) {
    return { curve: "P-256", x, yOdd: reader.at(Y).bool() };
  }
  return malformed();
}

/** The key to verify with, if it is one. */
export async function toPublicKey(key: DeviceKey): Promise<PublicKey | null> {
  if (key.curve === "Ed25519") return PublicKey.fromBytes(Algorithm.Ed25519, key.x);
  const point: Bytes | null = uncompressed(key.x, key.yOdd);
  return point && PublicKey.fromBytes(Algorithm.Es256, point);
}
