// Bytes: put together, compared, hashed, and written as hexadecimal.

/** Bytes that are nobody else's while something is awaited: what came from outside is copied. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Text strictly as UTF-8: nothing is replaced, and no byte order mark is swallowed. */
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();

/** The text of UTF-8; throws a `TypeError` for what is none. */
export function fromUtf8(bytes: Bytes): string {
  return UTF8.decode(bytes);
}

export function utf8(text: string): Bytes {
  return ENCODER.encode(text);
}

/** A copy that no caller can change. */
export function copied(bytes: Uint8Array): Bytes {
  return new Uint8Array(bytes);
}

export function concat(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Lower-case hexadecimal. Its order as text is the order of the bytes. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes of a number in an even count of hexadecimal digits. */
export function fromHex(hex: string): Bytes {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
    Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16),
  );
}

/** Bytes read as one big-endian number. */
export function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x0${toHex(bytes)}`);
}

/** SHA-256 in hexadecimal. */
export async function sha256(bytes: Bytes): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
