// Just enough CBOR (RFC 8949) for what is signed here, and only its deterministic encoding (section
// 4.2.1).
//
// The reader is asked for one item after another and refuses whatever else comes: a longer head
// than needed, an indefinite length, a float, a key out of order. So a value has exactly one
// accepted spelling, and nothing nests deeper than the format itself.

import { type Bytes, concat, fromUtf8, utf8 } from "./bytes.js";
import { malformed } from "./refused.js";

// The three top bits of an item's first byte (RFC 8949, section 3.1).
const UINT = 0;
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const TAG = 6;
const SIMPLE = 7;

const MAX_I64 = 2n ** 63n - 1n;
const MAX_U32 = 2n ** 32n - 1n;

/** A head: its argument, here never beyond 32 bits, as short as can be. */
function head(major: number, argument: number): Bytes {
  const top = major << 5;
  if (argument < 0x18) return Uint8Array.of(top | argument);
  if (argument < 2 ** 8) return Uint8Array.of(top | 0x18, argument);
  if (argument < 2 ** 16) return Uint8Array.of(top | 0x19, argument >> 8, argument);
  const wide = [argument >>> 24, argument >>> 16, argument >>> 8, argument];
  return Uint8Array.of(top | 0x1a, ...wide);
}

/** Writes single items; heads of arrays, maps and tags stand before what is in them. */
export const write = {
  uint: (value: number): Bytes => head(UINT, value),
  bytes: (value: Uint8Array): Bytes => concat([head(BYTES, value.length), value]),
  text: (value: string): Bytes => {
    const bytes = utf8(value);
    return concat([head(TEXT, bytes.length), bytes]);
  },
  array: (items: number): Bytes => head(ARRAY, items),
  map: (entries: number): Bytes => head(MAP, entries),
  tag: (number: number): Bytes => head(TAG, number),
};

/** Reads items one after another; throws `Refused` with MALFORMED. */
export class Reader {
  readonly #bytes: Bytes;
  #at = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  /** How many bytes were read. */
  get position(): number {
    return this.#at;
  }

  /** Succeeds only if nothing is left over. */
  end(): void {
    if (this.#at !== this.#bytes.length) malformed();
  }

  #take(length: number): Bytes {
    if (length > this.#bytes.length - this.#at) malformed();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #peek(): number {
    return this.#bytes[this.#at] ?? malformed();
  }

  /** The next item's argument, if the item is of this major type and its head as short as can be. */
  #head(major: number): bigint {
    const first = this.#peek();
    this.#at += 1;
    if (first >> 5 !== major) malformed();
    const small = first & 0x1f;
    if (small < 0x18) return BigInt(small);
    if (small > 0x1b) malformed();
    const width = 1 << (small - 0x18);
    const argument = this.#take(width).reduce((n, byte) => (n << 8n) | BigInt(byte), 0n);
    const least = width === 1 ? 24n : 1n << BigInt(4 * width);
    return argument < least ? malformed() : argument;
  }

  /** An unsigned integer, up to 64 bits. */
  uint(): bigint {
    return this.#head(UINT);
  }

  u32(): number {
    const value = this.uint();
    return value > MAX_U32 ? malformed() : Number(value);
  }

  /** A signed integer, up to 64 bits. */
  int(): bigint {
    const negative = this.#peek() >> 5 === NEGATIVE;
    const argument = this.#head(negative ? NEGATIVE : UINT);
    if (argument > MAX_I64) malformed();
    return negative ? -1n - argument : argument;
  }

  /** A signed integer that a number holds exactly: up to 53 bits. */
  number(): number {
    const value = Number(this.int());
    return Number.isSafeInteger(value) ? value : malformed();
  }

  /** Unix seconds, or a span of seconds: never negative. */
  time(): number {
    const value = this.number();
    return value < 0 ? malformed() : value;
  }

  /** Reads the integer `value`, as a map's key or a constant. */
  exactly(value: number): void {
    if (this.int() !== BigInt(value)) malformed();
  }

  /** What stands under the key `label` of a map, which comes next. */
  at(label: number): this {
    this.exactly(label);
    return this;
  }

  #string(major: number): Bytes {
    return this.#take(Number(this.#head(major)));
  }

  bytes(): Bytes {
    return this.#string(BYTES);
  }

  /** A byte string of exactly `length` bytes. */
  fixed(length: number): Bytes {
    const bytes = this.bytes();
    return bytes.length === length ? bytes : malformed();
  }

  text(): string {
    const bytes = this.#string(TEXT);
    try {
      return fromUtf8(bytes);
    } catch {
      return malformed();
    }
  }

  /** How many items an array has. Beyond 53 bits it is not exact, but then the items are missing. */
  arrayLength(): number {
    return Number(this.#head(ARRAY));
  }

  array(items: number): void {
    if (this.arrayLength() !== items) malformed();
  }

  /** An array of at most so many items, each read by `item`. */
  list<T>(most: number, item: (reader: this) => T): T[] {
    const items = this.arrayLength();
    if (items > most) malformed();
    return Array.from({ length: items }, () => item(this));
  }

  /** How many entries a map has; as with arrays. */
  mapLength(): number {
    return Number(this.#head(MAP));
  }

  map(entries: number): void {
    if (this.mapLength() !== entries) malformed();
  }

  tag(number: number): void {
    if (this.#head(TAG) !== BigInt(number)) malformed();
  }

  bool(): boolean {
    const [byte] = this.#take(1);
    return byte === 0xf5 || (byte === 0xf4 ? false : malformed());
  }

  /** Passes over one item of any kind but those of indefinite length, with all that is in it. */
  skip(): void {
    // Items that are still to be passed over. Each takes a byte at least, so this ends.
    for (let items = 1; items > 0; items -= 1) {
      const major = this.#peek() >> 5;
      if (major === BYTES || major === TEXT) this.#string(major);
      else if (major === SIMPLE) this.#simple();
      else {
        const argument = Number(this.#head(major));
        if (major === ARRAY) items += argument;
        else if (major === MAP) items += 2 * argument;
        else if (major === TAG) items += 1;
      }
    }
  }

  /** Passes over a simple value or a float. */
  #simple(): void {
    const small = (this.#take(1)[0] ?? 0) & 0x1f;
    if (small > 0x1b) malformed();
    if (small >= 0x18) this.#take(1 << (small - 0x18));
  }
}
