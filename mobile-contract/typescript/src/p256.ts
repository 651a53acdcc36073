// Points of P-256 (SEC 2, section 2.4.2): whether one lies on the curve, and y from its oddness.

import { type Bytes, concat, fromHex, toNumber } from "./bytes.js";

const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** The square of the y that belongs to an x. */
function ySquared(x: bigint): bigint {
  return (x * x * x + (P - 3n) * x + B) % P;
}

/** Whether 65 bytes are 0x04 ‖ x ‖ y of a point on the curve. */
export function isPoint(bytes: Uint8Array): boolean {
  const [x, y] = [toNumber(bytes.subarray(1, 33)), toNumber(bytes.subarray(33))];
  return bytes.length === 65 && bytes[0] === 4 && x < P && y < P && (y * y) % P === ySquared(x);
}

/** The uncompressed point of an x and the oddness of y; none if no point has this x. */
export function uncompressed(x: Uint8Array, yOdd: boolean): Bytes | null {
  const number = toNumber(x);
  if (number >= P) return null;
  const square = ySquared(number);
  // P is 3 modulo 4, so this is a square root if there is one.
  let y = power(square, (P + 1n) / 4n, P);
  if ((y * y) % P !== square) return null;
  if ((y & 1n) === 1n !== yOdd) y = P - y;
  return concat([Uint8Array.of(4), x, fromHex(y.toString(16).padStart(64, "0"))]);
}

/** `base` to the power of `exponent`, modulo `modulus`. In time that depends on them: none is secret. */
export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, square] = [1n, base % modulus];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
