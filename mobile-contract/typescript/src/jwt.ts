// A list as JWT (Token Status List, section 5.1), in the compact form of RFC 7515.

import { type Bytes, fromHex, utf8 } from "./bytes.js";
import { integer, members, optional, string, textOf } from "./json.js";
import { Algorithm, SIGNATURE_BYTES } from "./keys.js";
import { malformed } from "./refused.js";
import type { SignedList } from "./statusList.js";

/** What a header must say the token is. */
const TYPE = "statuslist+jwt";

/** The names of algorithms in a JWT (RFC 7518, section 3.1; RFC 8037, section 3.1). */
const ALGORITHMS = new Map<string, Algorithm>([
  ["EdDSA", Algorithm.Ed25519],
  ["ES256", Algorithm.Es256],
]);

export function readJwt(bytes: Bytes): SignedList {
  const parts = textOf(bytes).split(".");
  const [header, body, signature] = parts as [string, string, string];
  if (parts.length !== 3) malformed();
  const head = members(textOf(base64(header)), "alg", "kid", "typ", "crit");
  const algorithm = ALGORITHMS.get(string(head.alg)) ?? malformed();
  // Extensions that must be understood (RFC 7515, section 4.1.11): we understand none.
  if (string(head.typ) !== TYPE || head.crit !== undefined) malformed();
  const kid = optional(head.kid, string);
  const claims = members(textOf(base64(body)), "exp", "iat", "iss", "status_list", "sub", "ttl");
  const entries = members(claims.status_list ?? malformed(), "bits", "lst");
  const bits = integer(entries.bits);
  if (bits < 0 || bits > 255) malformed();
  const signed = base64(signature);
  if (signed.length !== SIGNATURE_BYTES) malformed();
  return {
    algorithm,
    // Ours is the hexadecimal of a COSE key's four bytes; another's is taken as it stands.
    kid: kid === null ? null : /^[0-9a-f]{8}$/.test(kid) ? fromHex(kid) : utf8(kid),
    message: utf8(`${header}.${body}`),
    signature: signed,
    subject: string(claims.sub),
    issuer: optional(claims.iss, string),
    issuedAt: integer(claims.iat),
    expires: optional(claims.exp, integer),
    ttl: optional(claims.ttl, integer),
    bits,
    compressed: base64(string(entries.lst)),
  };
}

/** Base64url without padding (RFC 4648, section 5), in its one spelling. */
function base64(text: string): Bytes {
  const odd = text.length % 4;
  // Bits of the last character that belong to no byte are 0.
  const spare = odd === 2 ? /[AQgw]$/ : odd === 3 ? /[AEIMQUYcgkosw048]$/ : /$/;
  if (odd === 1 || /[^A-Za-z0-9_-]/.test(text) || !spare.test(text)) malformed();
  const decoded = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(decoded, (c) => c.charCodeAt(0));
}
