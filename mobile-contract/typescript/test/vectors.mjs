// The vectors that every implementation answers alike: whole answers are compared.

import { base64url, hex, holds, same, unhex } from "./check.mjs";

/** What an app of the scenarios pins. */
async function pinnedIn(lz, offline) {
  const roots = [];
  for (const { alg, public: bytes } of offline.roots) {
    roots.push(await lz.PublicKey.fromBytes(alg, unhex(bytes)));
  }
  return { roots, issuer: offline.issuer };
}

/** An app that begins as a scenario does. */
export async function begin(lz, offline, scenario) {
  const pinned = await pinnedIn(lz, offline);
  const bundle = unhex(offline.files[scenario.bundle]);
  const begun = await lz.OfflineVerifier.create(pinned, bundle, scenario.floor, scenario.now);
  same(begun.ok, true, scenario.what);
  return begun.verifier;
}

/** The app that begins again as a step says, or the one that was where it cannot; and the word for it. */
export async function resume(lz, offline, app, step) {
  const bundle = unhex(offline.files[step.resume]);
  const begun = await lz.OfflineVerifier.resume(await pinnedIn(lz, offline), bundle, step.floor);
  return begun.ok ? [begun.verifier, "OK"] : [app, begun.code];
}

/** Hands a file in; answers the word for what came of it. */
export async function handIn(app, kind, bytes, now) {
  const takes = {
    bundle: () => app.takeBundle(bytes, now),
    delta: () => app.takeDelta(bytes, now),
    list: () => app.takeList(bytes, now),
    "kept list": () => app.takeKeptList(bytes),
    genuine: () => app.takeGenuine(bytes),
  };
  const taken = await takes[kind]();
  return taken.ok ? "OK" : taken.code;
}

function claims(c) {
  return (
    c && {
      certificate_number: c.certificateNumber,
      nbf: c.notBefore,
      exp: c.expires,
      name: c.name,
      name_cut: c.nameCut,
      agency: c.agency,
      kind: c.kind,
      status_list: c.statusList,
      status_index: c.statusIndex,
    }
  );
}

/** The whole of an answer, under the names of the vectors. */
function written({ judgement, agency, bundleAge, bundleExpired }) {
  return {
    verdict: judgement.verdict,
    reasons: judgement.reasons,
    evidence: judgement.evidence,
    credential_id: judgement.credentialId,
    kid: judgement.kid,
    shown_at: judgement.shownAt,
    status_as_of: judgement.statusAsOf,
    status_age: judgement.statusAge,
    claims: claims(judgement.credential),
    agency: agency && agency.name,
    bundle_age: bundleAge,
    bundle_expired: bundleExpired,
  };
}

/** The scenarios of `offline.json`. */
export async function scenarios(lz, { offline }) {
  let steps = 0;
  for (const scenario of offline.scenarios) {
    let app = await begin(lz, offline, scenario);
    for (const step of scenario.steps) {
      const subject = step.resume ?? step.file ?? step.scan.slice(0, 40);
      const what = `${scenario.what}: ${step.take ?? "scan"} ${subject} at ${step.now}`;
      if (step.resume) {
        let came;
        [app, came] = await resume(lz, offline, app, step);
        same(came, step.expect, `${scenario.what}: resume ${subject}`);
      } else if (step.take) {
        same(await handIn(app, step.take, unhex(offline.files[step.file]), step.now), step.expect, what);
      } else {
        const challenge = step.challenge && unhex(step.challenge);
        same(written(await app.scan(step.scan, challenge, step.now)), step.expect, what);
      }
      steps += 1;
    }
  }
  holds(steps > 50, "few steps");
  return `${offline.scenarios.length} scenarios, ${steps} steps`;
}

/** The codes of `credential.json`, whose status is known to be valid. */
export async function codes(lz, { credential }) {
  const records = [];
  for (const { alg, kid, public: bytes } of credential.issuers) {
    const publicKey = await lz.PublicKey.fromBytes(alg, unhex(bytes));
    same(publicKey.kid, kid, "the name of a key");
    const [notBefore, notAfter] = [0, 4_000_000_000];
    records.push({ publicKey, use: lz.KeyUse.Credential, notBefore, notAfter, compromisedSince: null });
  }
  const keys = new lz.KeySet(records);
  for (const vector of credential.vectors) {
    const challenge = vector.challenge && unhex(vector.challenge);
    const moment = { now: vector.now, floor: null };
    const verifier = { keys, knownGenuine: new Set(), challenge, moment };
    const fresh = () => ({ known: "FRESH", status: "VALID", asOf: vector.now });
    const judgement = await lz.verify(vector.digits, verifier, fresh);
    const { what, digits, now, challenge: _, ...expected } = vector;
    const answer = {
      verdict: judgement.verdict,
      reasons: judgement.reasons,
      id: judgement.credentialId,
      claims: claims(judgement.credential),
      shown_at: judgement.shownAt,
    };
    same(answer, expected, what);
  }
  holds(credential.vectors.length > 10, "few codes");
  return `${credential.vectors.length} codes`;
}

/** The lists of the IETF draft, and its two signed examples. */
export async function lists(lz, { outside }) {
  let entries = 0;
  same(outside.lists.map(({ bits }) => bits), [1, 2], "the lists");
  for (const { bits, size, lst, nonzero, cbor_hex: cbor } of outside.lists) {
    const what = `a list of ${bits} bits`;
    const compressed = base64url(lst);
    const { ok, list } = await lz.StatusList.unpack(bits, compressed);
    same(ok, true, what);
    const expected = new Map(nonzero);
    for (let index = 0; index < size; index += 1) {
      const value = expected.get(index) ?? 0;
      if (list.get(index) !== value) same(list.get(index), value, `${what} at ${index}`);
    }
    same(list.length, Math.ceil((size * bits) / 8), what);
    same(list.get(list.length * (8 / bits)), null, `${what}, beyond the end`);
    entries += size;
    // The CBOR of the draft holds the same bytes under the same names.
    same(cbor.includes(hex(compressed)), true, `${what} as CBOR`);
  }
  const { x, y } = outside.public_key_jwk;
  const key = await lz.PublicKey.fromBytes(lz.Algorithm.Es256, unhex(`04${hex(base64url(x))}${hex(base64url(y))}`));
  const signed = {
    jwt: new TextEncoder().encode(outside.status_list_jwt),
    cwt: unhex(outside.status_list_cwt_hex),
  };
  for (const [form, bytes] of Object.entries(signed)) {
    const { ok, claims } = await lz.verifyListWith(bytes, key);
    same(ok, true, form);
    const { list, ...said } = claims;
    const expected = { subject: "https://example.com/statuslists/1", issuedAt: 1_686_920_170, expires: 2_291_720_170, ttl: 43_200 };
    same({ ...said, issuer: null }, { ...expected, issuer: null }, form);
    const first = Array.from({ length: 16 }, (_, index) => list.get(index));
    same(first, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1], form);
    const wrong = bytes.slice();
    wrong[wrong.length - (form === "jwt" ? 20 : 1)] ^= 1;
    const refused = await lz.verifyListWith(wrong, key);
    same(refused, { ok: false, code: "SIGNATURE_INVALID" }, `${form}, forged`);
  }
  return `${outside.lists.length} lists of ${entries} entries, 2 signed`;
}
