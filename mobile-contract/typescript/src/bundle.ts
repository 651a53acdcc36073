// The trust bundle: everything an app needs to be right without a network, in one signed download.
//
// A root key, offline in production and pinned in apps, signs the keys of a deployment; one of those,
// of use *bundle*, signs the bundle around them. `Bundle.accept` is the one door: what came out of it
// was checked from the root down. What may follow what is `Bundle.acceptAfter`'s to say: never an
// older one, and never two of one version.

import { type Bytes, copied, equal, sha256, utf8 } from "./bytes.js";
import { message, readSign1, type Sign1 } from "./cose.js";
import { KeySet, KeyUse, signsAt } from "./keys.js";
import { malformed, Refused } from "./refused.js";
import { type Pinned, type SignedKeys, verifyKeys } from "./signedKeys.js";
import { type Agency, type Content, readContent } from "./wire.js";

/** Signed along with a bundle. */
const DOMAIN = utf8("liangzheng/bundle/1");
/** How long a bundle lasts at most, in seconds. */
const MAX_BUNDLE_SECONDS = 7 * 86_400;
/** The largest bundle that is read, in bytes. */
export const MAX_BUNDLE_BYTES = 4 * 1024 * 1024;

/**
 * Why a bundle is not accepted.
 *
 * - `MALFORMED`: not a bundle of this version of the format.
 * - `UNKNOWN_ROOT`: none of the pinned roots signed its keys.
 * - `UNKNOWN_KEY`: no key of use *bundle* among its own signed it, or none that was in force and is
 *   whole.
 * - `SIGNATURE_INVALID`: a signature is not its key's.
 * - `OTHER_ISSUER`: another deployment's.
 * - `EXPIRED`: past its `exp`, or made to last longer than a bundle may.
 * - `ROLLBACK`: its version, or that of its keys, is lower than one that was accepted before.
 * - `FORK`: of the version that is known, but not the same.
 * - `OTHER_BASE`: a delta from another bundle than the one that is known: the whole one is to be
 *   fetched.
 */
export type BundleError =
  | "MALFORMED"
  | "UNKNOWN_ROOT"
  | "UNKNOWN_KEY"
  | "SIGNATURE_INVALID"
  | "OTHER_ISSUER"
  | "EXPIRED"
  | "ROLLBACK"
  | "FORK"
  | "OTHER_BASE";

/** A bundle that was checked from the root down. */
export class Bundle {
  /** What it says. */
  readonly content: Content;
  /** The trusted keys. */
  readonly keys: KeySet;
  /** The version of its keys. */
  readonly keysVersion: bigint;
  /** Its SHA-256 in hexadecimal, which names it in a delta. */
  readonly hash: string;
  readonly #bytes: Bytes;

  private constructor(content: Content, keys: SignedKeys, bytes: Bytes, hash: string) {
    this.content = content;
    this.keys = new KeySet(keys.records);
    this.keysVersion = keys.version;
    this.hash = hash;
    this.#bytes = bytes;
  }

  /** The bundle as it was signed, to be kept. */
  get bytes(): Uint8Array {
    return copied(this.#bytes);
  }

  /** Checks a first bundle at `now` (Unix seconds); throws `Refused`. */
  static async accept(bytes: Bytes, pinned: Pinned, now: number): Promise<Bundle> {
    const bundle = await Bundle.kept(bytes, pinned);
    if (bundle.hasEnded(now)) throw new Refused("EXPIRED");
    return bundle;
  }

  /**
   * Checks a bundle that was accepted in an earlier run and kept: all of it but whether it has ended;
   * throws `Refused`.
   */
  static async kept(bytes: Bytes, pinned: Pinned): Promise<Bundle> {
    if (bytes.length > MAX_BUNDLE_BYTES) malformed();
    const signed = readSign1(bytes);
    const { content } = readContent(signed.payload);
    const keys = await verifyKeys(copied(content.signedKeys), pinned);
    if (content.issuer !== pinned.issuer) throw new Refused("OTHER_ISSUER");
    await signedByBundleKey(signed, new KeySet(keys.records), content.issuedAt);
    const lasts = content.expires - content.issuedAt;
    if (lasts > MAX_BUNDLE_SECONDS) throw new Refused("EXPIRED");
    return new Bundle(content, keys, bytes, await sha256(bytes));
  }

  /** Checks a bundle that is to follow this one. The same one again is this one. */
  async acceptAfter(bytes: Bytes, pinned: Pinned, now: number): Promise<Bundle> {
    const next = await Bundle.accept(bytes, pinned, now);
    const older =
      next.content.version < this.content.version ||
      next.keysVersion < this.keysVersion ||
      next.content.issuedAt < this.content.issuedAt;
    if (older) throw new Refused("ROLLBACK");
    const sameKeys = equal(this.content.signedKeys, next.content.signedKeys);
    const forked =
      (next.content.version === this.content.version && next.hash !== this.hash) ||
      (next.keysVersion === this.keysVersion && !sameKeys);
    if (forked) throw new Refused("FORK");
    return next;
  }

  /** Whether it has ended: nothing is called valid by it any more. */
  hasEnded(now: number): boolean {
    return now >= this.content.expires;
  }

  /** The agency of a number. */
  agency(number: number): Agency | null {
    return this.content.agencies.find((agency) => agency.number === number) ?? null;
  }
}

async function signedByBundleKey(signed: Sign1, keys: KeySet, issuedAt: number): Promise<void> {
  const toVerify = message(signed, DOMAIN);
  let refusal = "UNKNOWN_KEY";
  for (const key of keys.named(signed.kid ?? malformed(), KeyUse.Bundle)) {
    if (BigInt(key.publicKey.algorithm) !== signed.algorithm || !signsAt(key, issuedAt)) continue;
    if ((await key.publicKey.verify(toVerify, signed.signature)) === "GOOD") return;
    refusal = "SIGNATURE_INVALID";
  }
  throw new Refused(refusal);
}
