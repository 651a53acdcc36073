// Public keys: what they are, how a code names them, and the set of those that are trusted.

import { type Bytes, copied, sha256 } from "./bytes.js";
import * as ed25519 from "./ed25519.js";
import * as p256 from "./p256.js";

/** The length of every signature here: R‖S for Ed25519, raw r‖s for the others. */
export const SIGNATURE_BYTES = 64;

/**
 * At most this many keys of the same kid are tried for one code. Four bytes collide by chance once
 * in four thousand million pairs; more than four keys are an attack on our time.
 */
const MAX_KID_MATCHES = 4;

/** The signature algorithms of the profile, by their numbers in the COSE registry. */
export const Algorithm = {
  /** Ed25519 under COSE's `EdDSA` (RFC 9053, section 2.2). */
  Ed25519: -8,
  /** ECDSA on P-256 with SHA-256, `ES256` (RFC 9053, section 2.1). */
  Es256: -7,
  /**
   * SM2 with SM3 (GB/T 32918.2), under a number for private use (RFC 8152, section 16.4). It can be
   * named, but this version does not verify it.
   */
  Sm2: -65_538,
} as const;
/** A signature algorithm of the profile. */
export type Algorithm = (typeof Algorithm)[keyof typeof Algorithm];

/** The algorithm of a COSE number, if it is one of the profile. */
export function algorithmOf(number: bigint): Algorithm | null {
  return Object.values(Algorithm).find((algorithm) => BigInt(algorithm) === number) ?? null;
}

/** What came of checking a signature: UNSUPPORTED says nothing about it. */
export type Checked = "GOOD" | "WRONG" | "UNSUPPORTED";

/** How WebCrypto is asked for an algorithm: to import a key, and to verify. */
const WEB_CRYPTO = {
  [Algorithm.Ed25519]: [{ name: "Ed25519" }, { name: "Ed25519" }],
  [Algorithm.Es256]: [
    { name: "ECDSA", namedCurve: "P-256" },
    { name: "ECDSA", hash: "SHA-256" },
  ],
} as const;

/** A public key that was checked to be one: on its curve and not of small order. */
export class PublicKey {
  /** Its one algorithm. */
  readonly algorithm: Algorithm;
  /** SHA-256 of its published bytes, in hexadecimal. */
  readonly hash: string;
  readonly #bytes: Bytes;
  #imported: Promise<CryptoKey> | undefined;

  private constructor(algorithm: Algorithm, bytes: Bytes, hash: string) {
    this.algorithm = algorithm;
    this.hash = hash;
    this.#bytes = bytes;
  }

  /**
   * Reads the bytes that a key is published and named by: 32 for Ed25519 (RFC 8032, section 5.1.5);
   * for the others the uncompressed point, 0x04 ‖ x ‖ y (SEC 1, section 2.3.3). Answers `null` for
   * a wrong length, a point off the curve, or one of small order.
   */
  static async fromBytes(algorithm: Algorithm, bytes: Uint8Array): Promise<PublicKey | null> {
    const own = copied(bytes);
    if (!isKey(algorithm, own)) return null;
    return new PublicKey(algorithm, own, await sha256(own));
  }

  /** The key's name in a code, in hexadecimal: the first four bytes of its hash. A hint, no identity. */
  get kid(): string {
    return this.hash.slice(0, 8);
  }

  /** Checks a signature over `message`. */
  async verify(message: Bytes, signature: Bytes): Promise<Checked> {
    const { algorithm } = this;
    if (algorithm === Algorithm.Sm2) return "UNSUPPORTED";
    const isEd25519 = algorithm === Algorithm.Ed25519;
    if (isEd25519 && ed25519.isSmallOrder(signature.subarray(0, 32))) return "WRONG";
    const [toImport, toVerify] = WEB_CRYPTO[algorithm];
    try {
      const { subtle } = crypto;
      this.#imported ??= subtle.importKey("raw", this.#bytes, toImport, false, ["verify"]);
      const good = await subtle.verify(toVerify, await this.#imported, signature, message);
      return good ? "GOOD" : "WRONG";
    } catch (error) {
      // A false is an answer. Only where there is none for want of the algorithm another is asked.
      if (!isEd25519 || !isMissing(error)) {
        this.#imported = undefined;
        return "UNSUPPORTED";
      }
    }
    try {
      const good = await ed25519.verifyWithoutWebCrypto(this.#bytes, message, signature);
      return good ? "GOOD" : "WRONG";
    } catch {
      return "UNSUPPORTED";
    }
  }
}

function isKey(algorithm: Algorithm, bytes: Bytes): boolean {
  switch (algorithm) {
    case Algorithm.Ed25519:
      return bytes.length === 32 && !ed25519.isSmallOrder(bytes) && ed25519.isPoint(bytes);
    case Algorithm.Es256:
      return p256.isPoint(bytes);
    case Algorithm.Sm2:
      return bytes.length === 65 && bytes[0] === 4;
    default:
      return false;
  }
}

/** Whether WebCrypto says that it does not have the algorithm (Web Cryptography API, section 18.4). */
function isMissing(error: unknown): boolean {
  return (error as { name?: unknown } | null)?.name === "NotSupportedError";
}

/** The single purpose a key may sign for, by its number in a bundle. */
export const KeyUse = {
  /** Credentials, printed and phone. */
  Credential: 1,
  /** Status lists. */
  Status: 2,
  /** The trust bundle. */
  Bundle: 3,
  /** Audit checkpoints. */
  Audit: 4,
  /** Access tokens. */
  AccessToken: 5,
} as const;
/** The single purpose a key may sign for. */
export type KeyUse = (typeof KeyUse)[keyof typeof KeyUse];

/** The use of a number, if there is one. */
export function keyUseOf(number: bigint): KeyUse | null {
  return Object.values(KeyUse).find((use) => BigInt(use) === number) ?? null;
}

/** A published key and what it may be trusted for. Times are Unix seconds. */
export interface KeyRecord {
  /** The key, and with it its one algorithm. */
  readonly publicKey: PublicKey;
  /** Its one use. */
  readonly use: KeyUse;
  /** Nothing of the key verifies before. */
  readonly notBefore: number;
  /** Nothing of the key verifies from this moment on. */
  readonly notAfter: number;
  /**
   * Since when others may have the private key, if ever. Whatever the date, a code of such a key
   * verifies only if it is known to be genuine: a thief backdates.
   */
  readonly compromisedSince: number | null;
}

/** Whether a key is in force at a moment. */
export function inForce({ notBefore, notAfter }: KeyRecord, moment: number): boolean {
  return notBefore <= moment && moment < notAfter;
}

/**
 * Whether what the key signed at a moment may be relied on for what it says itself: it was in force,
 * and nobody else ever had it.
 */
export function signsAt(key: KeyRecord, moment: number): boolean {
  return key.compromisedSince === null && inForce(key, moment);
}

/** The trusted keys. */
export class KeySet {
  readonly #records: readonly KeyRecord[];

  /** A set of these keys; the earlier ones are tried first. */
  constructor(records: Iterable<KeyRecord>) {
    this.#records = [...records];
  }

  /** The keys of a use that a signature of this kid may be by, at most four. */
  named(kid: string, use: KeyUse): KeyRecord[] {
    return this.#records
      .filter((record) => record.publicKey.kid === kid && record.use === use)
      .slice(0, MAX_KID_MATCHES);
  }
}
