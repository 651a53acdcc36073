// What WebCrypto is asked, and what is asked instead where it has no Ed25519.

import { Point } from "@noble/ed25519";
import { bytesOf, digitsOf, hex, holds, replacing, same, unhex, withoutEd25519 } from "./check.mjs";
import { NOW } from "./deployment.mjs";
import { workshop } from "./strictness.mjs";
import * as vectors from "./vectors.mjs";

/** A point of order 8, and with it all of small order. */
const EIGHTH = Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
const TORSION = Array.from({ length: 8 }, (_, times) => EIGHTH.multiplyUnsafe(BigInt(times)));
const ORDER = Point.CURVE().n;

function littleEndian(bytes) {
  return BigInt(`0x${hex(bytes.slice().reverse())}`);
}

function scalar(number) {
  return unhex(number.toString(16).padStart(64, "0")).reverse();
}

export async function points(lz) {
  const { Algorithm, PublicKey } = lz;
  const { uncompressed } = await import("../dist/p256.js");
  for (let round = 0; round < 20; round += 1) {
    const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    const [x, odd] = [point.slice(1, 33), (point[64] & 1) === 1];
    same(hex(uncompressed(x, odd)), hex(point), "a point from its x");
    holds(hex(uncompressed(x, !odd)) !== hex(point), "the other point of an x");
    same(await PublicKey.fromBytes(Algorithm.Es256, uncompressed(x, !odd)).then(Boolean), true, "it is on the curve");
    point[64] ^= 1;
    same(await PublicKey.fromBytes(Algorithm.Es256, point), null, "a point off the curve");
  }
  // About half of all numbers are an x; the field's size and what is above it are none.
  const xs = Array.from({ length: 64 }, (_, n) => uncompressed(scalar(BigInt(n)).reverse(), false));
  holds(xs.filter(Boolean).length > 16 && xs.filter((x) => !x).length > 16, "not every number is an x");
  const p = unhex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
  same(uncompressed(p, false), null, "p as x");
  const small = xs.findIndex(Boolean);
  const unreduced = xs[small].slice();
  unreduced.set(scalar(BigInt(`0x${hex(p)}`) + BigInt(small)).reverse(), 1);
  holds((await PublicKey.fromBytes(Algorithm.Es256, xs[small])) !== null, "a point with a small x");
  same(await PublicKey.fromBytes(Algorithm.Es256, unreduced), null, "the same with an x that is not reduced");

  // Ed25519: on the curve if and only if the package finds a point too.
  let onCurve = 0;
  for (let n = 0n; n < 200n; n += 1n) {
    const bytes = scalar(n * 0x123456789abcdefn * 2n ** 180n + n);
    let expected = true;
    try {
      expected = !Point.fromBytes(bytes, true).isSmallOrder();
    } catch {
      expected = false;
    }
    same((await PublicKey.fromBytes(Algorithm.Ed25519, bytes)) !== null, expected, `point ${n}`);
    onCurve += Number(expected);
  }
  holds(onCurve > 50 && onCurve < 150, "about half of all numbers are a y");
  for (const [algorithm, bytes] of [
    [Algorithm.Ed25519, unhex("")],
    [Algorithm.Ed25519, unhex("01".repeat(31))],
    [Algorithm.Es256, unhex("00")],
    [Algorithm.Es256, unhex("02".repeat(33))],
    [Algorithm.Sm2, unhex("02".repeat(65))],
    [Algorithm.Sm2, unhex("04".repeat(64))],
    [0, unhex("04".repeat(65))],
  ]) {
    same(await PublicKey.fromBytes(algorithm, bytes), null, `no key of ${algorithm}`);
  }
  const sm2 = await PublicKey.fromBytes(Algorithm.Sm2, unhex("04".repeat(65)));
  same(await sm2.verify(unhex("00"), new Uint8Array(64)), "UNSUPPORTED", "SM2 is named, not verified");
  return `40 points of P-256, ${onCurve} of Ed25519`;
}

/** A code by an SM2 key of ours is of an unknown issuer; see `codes` of the vectors for the rest. */
async function bySm2(lz, { credential }) {
  const publicKey = await lz.PublicKey.fromBytes(lz.Algorithm.Sm2, unhex("04".repeat(65)));
  const keys = new lz.KeySet([
    { publicKey, use: lz.KeyUse.Credential, notBefore: 0, notAfter: 4e9, compromisedSince: null },
  ]);
  const card = hex(bytesOf(credential.vectors[0].digits)).slice(24);
  const digits = digitsOf(unhex(`d284 4d a2 01 3a00010001 04 44${publicKey.kid} ${card}`));
  const verifier = { keys, knownGenuine: new Set(), challenge: null, moment: { now: NOW, floor: null } };
  const { verdict } = await lz.verify(digits, verifier, () => ({ known: "FRESH", status: "VALID", asOf: NOW }));
  same(verdict, "UNKNOWN_ISSUER", "SM2");
}

/**
 * Signatures that the owner of a key bends by points of small order, in its key, in R or in both: what
 * is accepted is R, not of small order, whose bytes are those of s·B − k·A. WebCrypto and what stands
 * in for it agree.
 */
export async function smallOrder(lz, data) {
  await bySm2(lz, data);
  const { Algorithm, PublicKey } = lz;
  const small = TORSION.map((point) => hex(point.toBytes()));
  const unreduced = (low) => `${low}${"ff".repeat(30)}7f`;
  const odd = [unreduced("ee"), unreduced("ed"), `01${"00".repeat(30)}80`];
  for (const point of [...small, ...odd]) {
    same(await PublicKey.fromBytes(Algorithm.Ed25519, unhex(point)), null, `a key of small order ${point}`);
  }
  const secret = littleEndian(unhex("07".repeat(32))) % ORDER;
  let [accepted, bentAndRefused] = [0, 0];
  for (const bend of TORSION) {
    const point = Point.BASE.multiplyUnsafe(secret).add(bend);
    const bytes = point.toBytes();
    for (const nonce of [0n, 5n]) {
      const straight = Point.BASE.multiplyUnsafe(nonce);
      const bent = TORSION.map((bend) => hex(straight.add(bend).toBytes()));
      for (const r of [...bent, ...odd]) {
        for (let message = 0; message < 4; message += 1) {
          const signed = Uint8Array.of(message);
          const hashed = unhex(r + hex(bytes) + hex(signed));
          const k = littleEndian(new Uint8Array(await crypto.subtle.digest("SHA-512", hashed))) % ORDER;
          const s = (nonce + k * secret) % ORDER;
          const signature = unhex(r + hex(scalar(s)));
          const computed = Point.BASE.multiplyUnsafe(s).add(point.negate().multiplyUnsafe(k));
          const good = hex(computed.toBytes()) === r && !small.includes(r);
          const what = `R ${r}`;
          const check = async () => (await PublicKey.fromBytes(Algorithm.Ed25519, bytes)).verify(signed, signature);
          same(await check(), good ? "GOOD" : "WRONG", what);
          same(await withoutEd25519(check), good ? "GOOD" : "WRONG", `${what}, without WebCrypto`);
          accepted += Number(good);
          bentAndRefused += Number(!good);
          if (!good) continue;
          // s + order is the same number, and not the signature.
          const again = unhex(r + hex(scalar(s + ORDER)));
          const checkAgain = async () => (await PublicKey.fromBytes(Algorithm.Ed25519, bytes)).verify(signed, again);
          same(await checkAgain(), "WRONG", "s that is not reduced");
          same(await withoutEd25519(checkAgain), "WRONG", "s that is not reduced, without WebCrypto");
        }
      }
    }
  }
  holds(accepted > 20 && bentAndRefused > 50, `${accepted} accepted, ${bentAndRefused} refused`);
  return `${accepted} bent signatures accepted, ${bentAndRefused} refused, by both alike`;
}

/** On a platform without Ed25519 every vector comes out the same. */
export async function missing(lz, data) {
  let asked = 0;
  const counting = (original) => (...args) => {
    asked += Number(args[0] === "SHA-512");
    return original(...args);
  };
  const result = await withoutEd25519(() =>
    replacing("digest", counting, async () => [
      await vectors.scenarios(lz, data),
      await vectors.codes(lz, data),
    ]),
  );
  holds(asked > 0, "another is asked");
  return `${result.join(", ")}; ${asked} signatures checked otherwise`;
}

/** A false is an answer: nobody else is asked, who would have called these codes good. */
export async function wrong(lz, data) {
  let asked = 0;
  const { app, card, bare } = await workshop(lz, data);
  const refusing = () => () => Promise.resolve(false);
  const counting = (original) => (...args) => {
    asked += Number(args[0] === "SHA-512");
    return original(...args);
  };
  await replacing("digest", counting, () =>
    replacing("verify", refusing, async () => {
      for (const bytes of [card, bare]) {
        const { judgement } = await app.scan(digitsOf(bytes), null, NOW);
        same(judgement.verdict, "SIGNATURE_INVALID", "a good code that WebCrypto refuses");
      }
      const { offline } = data;
      const came = await vectors.handIn(app, "bundle", unhex(offline.files["bundle-6"]), NOW);
      same(came, "SIGNATURE_INVALID", "a good bundle that WebCrypto refuses");
    }),
  );
  same(asked, 0, "how often another was asked");
  return "nobody else is asked";
}

/** A WebCrypto that fails says nothing about a code, and nobody else is asked for it. */
export async function failing(lz, data) {
  for (const name of ["OperationError", "DataError", "InvalidAccessError"]) {
    const failing = () => () => Promise.reject(new DOMException("failed", name));
    for (const method of ["importKey", "verify"]) {
      const { app, card } = await workshop(lz, data);
      await replacing(method, failing, async () => {
        const { judgement } = await app.scan(digitsOf(card), null, NOW);
        same(judgement.verdict, "UNKNOWN_ISSUER", `${method}: ${name}`);
      });
      same((await app.scan(digitsOf(card), null, NOW)).judgement.verdict, "VALID", `${method}, after ${name}`);
    }
  }
  return "a code is called unknown, not forged";
}

export async function pages(lz, { offline }) {
  const seen = {};
  for (const scenario of offline.scenarios) {
    let app = await vectors.begin(lz, offline, scenario);
    for (const step of scenario.steps) {
      if (step.resume) {
        [app] = await vectors.resume(lz, offline, app, step);
        continue;
      }
      if (step.take) {
        await vectors.handIn(app, step.take, unhex(offline.files[step.file]), step.now);
        continue;
      }
      const answer = await app.scan(step.scan, step.challenge && unhex(step.challenge), step.now);
      const page = lz.pageOf(answer);
      seen[page.verdict] = page.disclosure;
      const shows = page.disclosure !== "NOTHING";
      same(page.credential, shows ? answer.judgement.credential : null, page.verdict);
      same(page.agency, shows ? answer.agency : null, page.verdict);
    }
  }
  same(
    seen,
    {
      VALID: "PHOTO", VALID_STALE: "PHOTO", STATUS_UNKNOWN: "PHOTO", NOT_YET_VALID: "PHOTO",
      EXPIRED: "FACTS", NOT_AUTHORISED: "FACTS", INVALID: "FACTS",
      CLOCK_UNTRUSTED: "NOTHING", STALE_CODE: "NOTHING", CHALLENGE_BOUND: "NOTHING", PRESENTATION_MISSING: "NOTHING",
      KEY_COMPROMISED: "NOTHING", SIGNATURE_INVALID: "NOTHING", UNKNOWN_ISSUER: "NOTHING", UNREADABLE: "NOTHING",
    },
    "what each verdict shows",
  );
  for (const word of ["", "valid", "VALID ", "VALID_FOR_EVER", "toString"]) {
    same(lz.verdictOf(word), "STATUS_UNKNOWN", "an unknown word");
  }
  return `${Object.keys(seen).length} verdicts`;
}
