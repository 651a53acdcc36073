// The credential: what the issuer says about a certificate, printed on a card or kept in a phone.

import { type Bytes, sha256, utf8 } from "./bytes.js";
import { Reader } from "./cbor.js";
import { type DeviceKey, readDeviceKey } from "./device.js";
import { fromUtf16be } from "./name.js";
import { malformed } from "./refused.js";

/** How long a phone credential may last, in seconds. */
const MAX_PHONE_SECONDS = 86_400;

// Labels of the payload (RFC 8392, section 4; RFC 8747, section 3.1), and a private one for the
// facts.
const SUB = 2;
const EXP = 4;
const NBF = 5;
const CNF = 8;
const FACTS = -65_537;
/** In `cnf`. */
const COSE_KEY = 1;

const PRINTED = 1n;
const PHONE = 2n;

/** What a credential says. Times are Unix seconds. */
export interface Credential {
  /** The certificate's number: opaque, never parsed. */
  readonly certificateNumber: string;
  /** From when it is in force. */
  readonly notBefore: number;
  /** From when it is no longer in force. */
  readonly expires: number;
  /** The holder's name in NFC, perhaps only its beginning. */
  readonly name: string;
  /** Whether the name goes on. */
  readonly nameCut: boolean;
  /** The agency, by its number in the bundle. */
  readonly agency: number;
  /** The kind of certificate, by its number in the bundle. */
  readonly kind: number;
  /** The status list its status is in. */
  readonly statusList: number;
  /** Its place in that list. */
  readonly statusIndex: number;
  /** The key of the holder's phone: a phone credential has one, a printed one has none. */
  readonly deviceKey: DeviceKey | null;
}

/** What is signed along with a credential, so that none serves as the other. */
export function externalAad({ deviceKey }: Credential): Bytes {
  return utf8(deviceKey ? "liangzheng/phone/1" : "liangzheng/printed/1");
}

/**
 * The first 16 bytes of the SHA-256 of a credential's `Sig_structure`, in hexadecimal. It names what
 * was signed, not the signature: of an ECDSA signature anyone can make a second one.
 */
export async function credentialId(message: Bytes): Promise<string> {
  return (await sha256(message)).slice(0, 32);
}

/**
 * Reads a payload. Maxima that only bound the size are not asked for again: a later issuer may have
 * found room.
 */
export function readCredential(payload: Bytes): Credential {
  const reader = new Reader(payload);
  const entries = reader.mapLength();
  if (entries !== 4 && entries !== 5) malformed();
  const certificateNumber = reader.at(SUB).text();
  const expires = reader.at(EXP).time();
  const notBefore = reader.at(NBF).time();
  let deviceKey = null;
  if (entries === 5) {
    reader.at(CNF).map(1);
    deviceKey = readDeviceKey(reader.at(COSE_KEY));
  }
  const facts = reader.at(FACTS).arrayLength();
  if (facts !== 6 && facts !== 7) malformed();
  const profile = reader.int();
  const name = fromUtf16be(reader.bytes());
  const agency = reader.u32();
  const kind = reader.u32();
  const statusList = reader.u32();
  const statusIndex = reader.u32();
  const nameCut = facts === 7;
  if (nameCut && !reader.bool()) malformed();
  reader.end();

  const lasts = expires - notBefore;
  const sound =
    profile === (deviceKey ? PHONE : PRINTED) &&
    certificateNumber !== "" &&
    lasts > 0 &&
    (!deviceKey || lasts <= MAX_PHONE_SECONDS);
  if (!sound) malformed();
  return {
    certificateNumber,
    notBefore,
    expires,
    name,
    nameCut,
    agency,
    kind,
    statusList,
    statusIndex,
    deviceKey,
  };
}
