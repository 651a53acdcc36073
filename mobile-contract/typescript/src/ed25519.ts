// Points of Ed25519 (RFC 8032, section 5.1) as far as WebCrypto does not look at them, and the
// signature check for where WebCrypto has none.

import { type Bytes, concat, equal, toNumber } from "./bytes.js";
import { power } from "./p256.js";

const P = 2n ** 255n - 19n;
const D = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n;
/** The order of the base point. */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The y of the points of order 8, up to its sign. */
const EIGHTH = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
/** The y of all points of small order. */
const SMALL_ORDER = [0n, 1n, P - 1n, EIGHTH, P - EIGHTH];

function littleEndian(bytes: Uint8Array): bigint {
  return toNumber(bytes.slice().reverse());
}

/** The y of an encoded point, which a longer way to write it does not change. */
function yOf(point: Uint8Array): bigint {
  return BigInt.asUintN(255, littleEndian(point)) % P;
}

/** Whether 32 bytes encode a point of small order, which anybody can sign for. */
export function isSmallOrder(point: Uint8Array): boolean {
  return SMALL_ORDER.includes(yOf(point));
}

/** Whether 32 bytes encode a point on the curve: x² = (y² − 1) / (d·y² + 1) has a root. */
export function isPoint(bytes: Uint8Array): boolean {
  const square = yOf(bytes) ** 2n % P;
  // A quotient is a square where the product is, and d·y² + 1 is never 0.
  return power((square + P - 1n) * (D * square + 1n), (P - 1n) / 2n, P) <= 1n;
}

/**
 * What `verify` of WebCrypto answers, with the arithmetic of `@noble/ed25519`; loaded only here.
 *
 * R is computed and its bytes compared, as WebCrypto's implementations and our own in Rust do; the
 * package's own `verify` forgives a part of small order in it. `point` and R are not of small order.
 */
export async function verifyWithoutWebCrypto(
  point: Bytes,
  message: Bytes,
  signature: Bytes,
): Promise<boolean> {
  const { Point } = await import("@noble/ed25519");
  const [r, s] = [signature.subarray(0, 32), littleEndian(signature.subarray(32))];
  if (s >= ORDER) return false;
  const hash = await crypto.subtle.digest("SHA-512", concat([r, point, message]));
  const k = littleEndian(new Uint8Array(hash)) % ORDER;
  const key = Point.fromBytes(point, true);
  const computed = Point.BASE.multiplyUnsafe(s).add(key.negate().multiplyUnsafe(k));
  return equal(computed.toBytes(), r);
}
