// Status lists: the state of very many certificates in a few kilobytes that anybody may keep and pass
// on (IETF *Token Status List*, draft-ietf-oauth-status-list), signed as a JWT or a CWT. What an entry
// means for a certificate, and for how long, is `status.ts`'s to say.

import { type Bytes, concat, copied, toHex } from "./bytes.js";
import { readCwt } from "./cwt.js";
import { readJwt } from "./jwt.js";
import { type Algorithm, type KeySet, KeyUse, type PublicKey, signsAt } from "./keys.js";
import { malformed, Refused, type Taken, taken } from "./refused.js";
import type { ListEntry } from "./status.js";

/** The largest list that is unpacked, in bytes: over sixteen million entries of two bits. */
export const MAX_LIST_BYTES = 4 * 1024 * 1024;

/**
 * How much is unpacked at a time, in bytes. A kilobyte becomes a megabyte at most, so that a browser
 * which unpacks a piece as a whole is never far past the bound.
 */
const PIECE_BYTES = 1024;

/**
 * Why a list is not accepted.
 *
 * - `MALFORMED`: not a list in either form.
 * - `TOO_LARGE`: larger, unpacked, than a list may be.
 * - `UNKNOWN_KEY`: no trusted key of use *status* has its name and algorithm and was in force.
 * - `SIGNATURE_INVALID`: it names a key of ours, which did not sign it.
 */
export type ListError = "MALFORMED" | "TOO_LARGE" | "UNKNOWN_KEY" | "SIGNATURE_INVALID";

/**
 * Entries, unpacked: one, two, four or eight bits each, the first in the lowest bits of its byte
 * (Token Status List, section 4).
 */
export class StatusList {
  /** Bits of an entry. */
  readonly bits: number;
  readonly #bytes: Bytes;

  private constructor(bits: number, bytes: Bytes) {
    this.bits = bits;
    this.#bytes = bytes;
  }

  /** How many bytes the entries take. */
  get length(): number {
    return this.#bytes.length;
  }

  /** The entry of an index; none beyond the end. */
  get(index: number): number | null {
    const perByte = 8 / this.bits;
    const byte = this.#bytes[Math.floor(index / perByte)];
    if (byte === undefined) return null;
    return (byte >> ((index % perByte) * this.bits)) & (0xff >> (8 - this.bits));
  }

  /** Unpacks entries that are compressed with zlib (RFC 1950), to four mebibytes at most. */
  static unpack(
    bits: number,
    compressed: Uint8Array,
  ): Promise<Taken<ListError, { readonly list: StatusList }>> {
    const own = copied(compressed);
    return taken(async () => ({ list: await StatusList.decompress(bits, own, MAX_LIST_BYTES) }));
  }

  /**
   * Unpacks entries; stops at `most` bytes, whatever the archive would become. Throws `Refused` for
   * bits that are no width of an entry, what is no whole zlib stream, and anything after it.
   *
   * @internal
   */
  static async decompress(bits: number, compressed: Bytes, most: number): Promise<StatusList> {
    if (![1, 2, 4, 8].includes(bits)) malformed();
    const bytes = await inflate(compressed, most);
    // Some platforms pass over what follows a stream in silence. Then the stream is whole without
    // the last byte too.
    if (await isWhole(compressed.subarray(0, -1), most)) malformed();
    return new StatusList(bits, bytes);
  }
}

async function isWhole(compressed: Bytes, most: number): Promise<boolean> {
  try {
    await inflate(compressed, most);
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

async function inflate(compressed: Bytes, most: number): Promise<Bytes> {
  const { readable, writable } = new DecompressionStream("deflate");
  const reader = readable.getReader();
  const writer = writable.getWriter();
  // What is wrong with the stream comes out at the reader; here it only ends the writing.
  const written = feed(writer, compressed).catch(() => undefined);
  writer.closed.catch(() => undefined);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      length += value.length;
      if (length > most) {
        await reader.cancel();
        throw new Refused("TOO_LARGE");
      }
    }
  } catch (error) {
    throw error instanceof Refused ? error : new Refused("MALFORMED");
  }
  await written;
  return concat(chunks);
}

async function feed(writer: WritableStreamDefaultWriter<Bytes>, bytes: Bytes): Promise<void> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    await writer.ready;
    await writer.write(bytes.slice(at, at + PIECE_BYTES));
  }
  await writer.close();
}

/** What an issuer says of a list. Times are Unix seconds. */
export interface ListClaims {
  /** `sub`: the address of the list, by which a credential's entry is found. */
  readonly subject: string;
  /** `iss`, where the list names its issuer. */
  readonly issuer: string | null;
  /** `iat`: when the entries were so. */
  readonly issuedAt: number;
  /** `exp`: from when the list says nothing any more. */
  readonly expires: number | null;
  /** `ttl`: how long, in seconds from `iat`, a reader need not ask again. */
  readonly ttl: number | null;
  /** The entries. */
  readonly list: StatusList;
}

/**
 * The entry of an index; none where the list is too short for it. A list that does not say when it
 * ends is not one of this profile, and counts as ended.
 */
export function entryOf(claims: ListClaims, index: number): ListEntry | null {
  const bits = claims.list.get(index);
  if (bits === null) return null;
  const { issuedAt, expires, ttl } = claims;
  return { bits, issuedAt, expires: expires ?? issuedAt, ttl: ttl ?? 0 };
}

/** A list as it came, of which nothing is verified and nothing is unpacked yet. */
export interface SignedList extends Omit<ListClaims, "list"> {
  readonly algorithm: Algorithm;
  /** The key's name as the list has it. */
  readonly kid: Bytes | null;
  /** What was signed. */
  readonly message: Bytes;
  readonly signature: Bytes;
  readonly bits: number;
  readonly compressed: Bytes;
}

/** Reads a list in either form: a CWT begins with its tag, a JWT with the letters of its header. */
export function readList(bytes: Bytes): SignedList {
  return bytes[0] === 0x65 ? readJwt(bytes) : readCwt(bytes);
}

/**
 * The claims, if one of the trusted keys of use *status* signed them, was in force when it did, and
 * was never compromised: who has such a key can say that anybody is valid.
 */
export async function verifyList(signed: SignedList, keys: KeySet): Promise<ListClaims> {
  let refusal: ListError = "UNKNOWN_KEY";
  const kid = signed.kid?.length === 4 ? toHex(signed.kid) : "";
  for (const key of keys.named(kid, KeyUse.Status)) {
    if (!signsAt(key, signed.issuedAt)) continue;
    const error = await checkSignature(signed, key.publicKey);
    if (error === null) return unpack(signed);
    refusal = error;
  }
  throw new Refused(refusal);
}

/**
 * What a list in either form claims, if this key signed it: for lists of other issuers, whose keys
 * have other names.
 */
export function verifyListWith(
  list: Uint8Array,
  key: PublicKey,
): Promise<Taken<ListError, { readonly claims: ListClaims }>> {
  const bytes = copied(list);
  return taken(async () => {
    const signed = readList(bytes);
    const error = await checkSignature(signed, key);
    if (error !== null) throw new Refused(error);
    return { claims: await unpack(signed) };
  });
}

async function checkSignature(signed: SignedList, key: PublicKey): Promise<ListError | null> {
  if (key.algorithm !== signed.algorithm) return "UNKNOWN_KEY";
  const checked = await key.verify(signed.message, signed.signature);
  return checked === "GOOD" ? null : "SIGNATURE_INVALID";
}

async function unpack(signed: SignedList): Promise<ListClaims> {
  const { subject, issuer, issuedAt, expires, ttl, bits, compressed } = signed;
  const list = await StatusList.decompress(bits, compressed, MAX_LIST_BYTES);
  return { subject, issuer, issuedAt, expires, ttl, list };
}
