// What the tests need in Node and in a browser alike: comparing, hexadecimal, and signing.

/** A value as text, the same whatever the order of its members. */
function canonical(value) {
  return JSON.stringify(value, (_, inner) => {
    if (typeof inner === "bigint") return `${inner}n`;
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

export function same(actual, expected, what) {
  const [got, wanted] = [canonical(actual), canonical(expected)];
  if (got !== wanted) throw new Error(`${what}\n      got ${got}\n   wanted ${wanted}`);
}

export function holds(truth, what) {
  if (!truth) throw new Error(what);
}

export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Bytes of hexadecimal, in which spaces may stand. */
export function unhex(text) {
  return Uint8Array.from(text.replaceAll(" ", "").match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

export function digitsOf(bytes) {
  return BigInt(`0x${hex(bytes)}`).toString();
}

export function bytesOf(digits) {
  const text = BigInt(digits).toString(16);
  return unhex(text.length % 2 === 0 ? text : `0${text}`);
}

export function base64url(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
}

/** Base64url without padding, of bytes. */
export function toBase64url(bytes) {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Numbers that look random and are the same in every run (xorshift32). */
export function numbers(seed) {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Calls `work` with a method of WebCrypto replaced; `make` gets the original. */
export async function replacing(method, make, work) {
  const { subtle } = crypto;
  subtle[method] = make(subtle[method].bind(subtle));
  try {
    return await work();
  } finally {
    delete subtle[method];
  }
}

/** Like a platform without Ed25519. */
export function withoutEd25519(work) {
  const make = (original) => (format, key, algorithm, ...rest) =>
    (algorithm.name ?? algorithm) === "Ed25519"
      ? Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"))
      : original(format, key, algorithm, ...rest);
  return replacing("importKey", make, work);
}

/** Signs with an Ed25519 seed in hexadecimal. */
export async function ed25519Signer(seed) {
  return (await ed25519Pair(seed)).sign;
}

/** What signs with an Ed25519 seed in hexadecimal, and its public key. */
export async function ed25519Pair(seed) {
  const pkcs8 = unhex(`302e020100300506032b657004220420${seed}`);
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
  const { x } = await crypto.subtle.exportKey("jwk", key);
  const sign = async (message) => new Uint8Array(await crypto.subtle.sign("Ed25519", key, message));
  return { publicKey: base64url(x), sign };
}

/** Signs with a P-256 scalar and its uncompressed point, both in hexadecimal. */
export async function es256Signer(scalar, point) {
  const [d, x, y] = [scalar, point.slice(2, 66), point.slice(66)].map((part) => toBase64url(unhex(part)));
  const jwk = { kty: "EC", crv: "P-256", d, x, y };
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["sign"]);
  return async (message) => new Uint8Array(await crypto.subtle.sign(algorithm, key, message));
}

/** A head of CBOR, as hexadecimal. */
function head(major, argument) {
  const top = major << 5;
  if (argument < 24) return hex([top | Number(argument)]);
  const width = [1, 2, 4, 8].find((width) => BigInt(argument) < 1n << BigInt(8 * width));
  return hex([top | (24 + Math.log2(width))]) + BigInt(argument).toString(16).padStart(2 * width, "0");
}

/** A byte string of CBOR, as hexadecimal. */
export function bstr(bytes) {
  return head(2, bytes.length) + hex(bytes);
}

/** Deterministic CBOR, as hexadecimal; a map is a `Map`, whose order is kept. */
export function cbor(value) {
  if (typeof value === "boolean") return value ? "f5" : "f4";
  if (typeof value === "string") {
    const bytes = new TextEncoder().encode(value);
    return head(3, bytes.length) + hex(bytes);
  }
  if (value instanceof Uint8Array) return bstr(value);
  if (Array.isArray(value)) return head(4, value.length) + value.map(cbor).join("");
  if (value instanceof Map) return head(5, value.size) + [...value].flat().map(cbor).join("");
  return value < 0 ? head(1, -1n - BigInt(value)) : head(0, value);
}

/** SHA-256 in hexadecimal. */
export async function sha256(bytes) {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** A zlib stream. */
export async function zlib(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** An envelope around any protected header and payload, signed whatever they are. */
export async function sealed(protectedHeader, payload, externalAad, sign, unprotected = "a0") {
  const parts = [protectedHeader, externalAad, payload].map(bstr).join("");
  const signature = await sign(unhex(`84 6a5369676e617475726531 ${parts}`));
  return unhex(`d284 ${bstr(protectedHeader)} ${unprotected} ${bstr(payload)} ${bstr(signature)}`);
}
