// The digits of a code: bytes read as one big-endian number, written in decimal.

import { type Bytes, fromHex, utf8 } from "./bytes.js";
import { malformed } from "./refused.js";

/** The most digits a code may have. Longer input is refused by its length, before any arithmetic. */
export const MAX_DIGITS = 800;

/**
 * The longest input that is looked at, in UTF-8 bytes: the digits, a host name (at most 253
 * characters, RFC 1035 section 2.3.4), and room for a query that a messenger adds to a link.
 */
export const MAX_INPUT_BYTES = 2_048;

/** The path under which a code's digits stand in its URL. */
const PATH = "/v/";

/**
 * Finds the digits in what a camera read: a whole URL, or the digits alone. The scheme and the host
 * are ignored: a code is judged by its signature, never by the address it claims. So is a query or
 * fragment after the digits.
 */
export function extractDigits(input: unknown): string {
  // No text has fewer UTF-8 bytes than it has units, so the first test spares reading through it.
  if (typeof input !== "string" || input.length > MAX_INPUT_BYTES) return malformed();
  if (utf8(input).length > MAX_INPUT_BYTES) return malformed();
  const at = input.indexOf(PATH);
  const digits = at < 0 ? input : input.slice(at + PATH.length).replace(/[?#].*$/s, "");
  return /^[1-9][0-9]*$/.test(digits) && digits.length <= MAX_DIGITS ? digits : malformed();
}

/** The number written in `digits`, as its shortest big-endian bytes. */
export function digitsToBytes(digits: string): Bytes {
  const hex = BigInt(digits).toString(16);
  return fromHex(hex.length % 2 === 0 ? hex : `0${hex}`);
}
