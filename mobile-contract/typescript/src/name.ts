// The holder's name inside a code: UTF-16BE in NFC, at most 30 bytes.

import type { Bytes } from "./bytes.js";
import { malformed } from "./refused.js";

/** The most bytes a name takes in a code. */
const MAX_NAME_BYTES = 30;

/** Half of a surrogate pair without the other. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether a text is one of Unicode: without half a surrogate pair. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

/** Reads a name from a code; refuses what is too long, not UTF-16BE, or not in NFC. */
export function fromUtf16be(bytes: Bytes): string {
  if (bytes.length > MAX_NAME_BYTES || bytes.length % 2 !== 0) malformed();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const units = Array.from({ length: bytes.length / 2 }, (_, at) => view.getUint16(2 * at));
  const text = String.fromCharCode(...units);
  return isWellFormed(text) && text.normalize("NFC") === text ? text : malformed();
}
