// Opening a code: from what a camera read to what a trusted key signed. No clock and no status here.
//
// The outer structure decides what a code is: a credential names a key (kid), a presentation does
// not. Everything is parsed before anything is computed with.

import type { Bytes } from "./bytes.js";
import { message, readSign1, type Sign1 } from "./cose.js";
import { type Credential, credentialId, externalAad, readCredential } from "./credential.js";
import { toPublicKey } from "./device.js";
import { digitsToBytes, extractDigits } from "./digits.js";
import { type KeyRecord, type KeySet, KeyUse } from "./keys.js";
import { externalAad as showAad, type Presentation, readPresentation } from "./presentation.js";
import { malformed, Refused } from "./refused.js";
import type { Reason, Verdict } from "./verdict.js";

/** A code whose issuer's signature is good. */
export interface Opened {
  /** What the issuer signed. */
  readonly credential: Credential;
  /** The credential's id, in hexadecimal. */
  readonly id: string;
  /** How the code named the key, in hexadecimal. */
  readonly kid: string;
  /** The key that signed it. */
  readonly key: KeyRecord;
  /** How it is shown. */
  readonly shown: Shown;
}

/**
 * How a credential is shown; `issuedAt` is when, by the phone's clock, in Unix seconds.
 *
 * - `PRINTED`: printed.
 * - `BARE`: a phone credential without a presentation: a copy.
 * - `BY_PHONE`: by the phone it is bound to; `challenge` is the one it answers, if any.
 * - `FOR_ANOTHER`: in answer to a challenge other than the verifier's, so that the phone's signature
 *   cannot be verified.
 */
export type Shown =
  | { readonly how: "PRINTED" | "BARE"; readonly issuedAt: null }
  | { readonly how: "BY_PHONE"; readonly issuedAt: number; readonly challenge: Uint8Array | null }
  | { readonly how: "FOR_ANOTHER"; readonly issuedAt: number };

/** A code that cannot be opened. */
export interface Refusal {
  /** `UNREADABLE`, `UNKNOWN_ISSUER` or `SIGNATURE_INVALID`. */
  readonly verdict: Verdict;
  /** `OTHER_DEVICE` or nothing. */
  readonly reasons: readonly Reason[];
  /** The key that the code names, in hexadecimal, if it could be read. */
  readonly kid: string | null;
}

/** A code as it was read; nothing of it is verified. */
interface Parsed {
  readonly kid: string;
  readonly credential: Credential;
  readonly signed: Sign1;
  readonly outer: (Sign1 & Presentation) | null;
}

/**
 * Opens a code: a whole URL, or its digits. `challenge` is what the verifier has asked for, if
 * anything.
 */
export async function open(
  input: string,
  keys: KeySet,
  challenge: Uint8Array | null,
): Promise<{ opened: Opened } | { refusal: Refusal }> {
  let parsed: Parsed;
  try {
    parsed = parse(digitsToBytes(extractDigits(input)));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { refusal: { verdict: "UNREADABLE", reasons: [], kid: null } };
  }
  const { kid, credential, signed, outer } = parsed;
  const toVerify = message(signed, externalAad(credential));
  const key = await issuer(parsed, toVerify, keys);
  if (typeof key === "string") return { refusal: { verdict: key, reasons: [], kid } };
  const shown: Shown | null = outer
    ? await shownByPhone(credential, outer, challenge)
    : { how: credential.deviceKey ? "BARE" : "PRINTED", issuedAt: null };
  if (!shown) {
    return { refusal: { verdict: "SIGNATURE_INVALID", reasons: ["OTHER_DEVICE"], kid } };
  }
  return { opened: { credential, id: await credentialId(toVerify), kid, key, shown } };
}

function parse(bytes: Bytes): Parsed {
  const outer = readSign1(bytes);
  if (outer.kid !== null) {
    const credential = readCredential(outer.payload);
    return { kid: outer.kid, credential, signed: outer, outer: null };
  }
  const presentation = readPresentation(outer.payload);
  const signed = readSign1(presentation.credential);
  const kid = signed.kid ?? malformed();
  const credential = readCredential(signed.payload);
  // A printed credential cannot be presented: it is bound to no phone.
  if (!credential.deviceKey) malformed();
  return { kid, credential, signed, outer: { ...outer, ...presentation } };
}

/**
 * Tries the keys that the code may mean. A key of another algorithm than the code's cannot have
 * signed it; one that we cannot verify with says nothing about the code.
 */
async function issuer(
  { kid, signed }: Parsed,
  toVerify: Bytes,
  keys: KeySet,
): Promise<KeyRecord | Verdict> {
  let verdict: Verdict = "UNKNOWN_ISSUER";
  let unsupported = false;
  for (const key of keys.named(kid, KeyUse.Credential)) {
    verdict = "SIGNATURE_INVALID";
    if (BigInt(key.publicKey.algorithm) !== signed.algorithm) continue;
    const checked = await key.publicKey.verify(toVerify, signed.signature);
    if (checked === "GOOD") return key;
    unsupported ||= checked === "UNSUPPORTED";
  }
  return unsupported ? "UNKNOWN_ISSUER" : verdict;
}

/** Checks the phone's signature; none if it is not that of the phone the credential is bound to. */
async function shownByPhone(
  { deviceKey }: Credential,
  outer: Sign1 & Presentation,
  challenge: Uint8Array | null,
): Promise<Shown | null> {
  const { issuedAt, challenged } = outer;
  const key = deviceKey && (await toPublicKey(deviceKey));
  if (!key || BigInt(key.algorithm) !== outer.algorithm) return null;
  const asked = challenged ? challenge : null;
  if (!challenged || asked) {
    const checked = await key.verify(message(outer, showAad(asked)), outer.signature);
    if (checked === "GOOD") return { how: "BY_PHONE", issuedAt, challenge: asked };
  }
  // It may well answer someone else's challenge, so it is not called a forgery.
  return challenged ? { how: "FOR_ANOTHER", issuedAt } : null;
}
