// Which bundles, deltas and lists are taken, and what may follow what: with ones that are made here and
// signed as they should be.

import { cbor, hex, holds, same, sha256, unhex } from "./check.mjs";
import { DAY, Deployment, ISSUER, NOW } from "./deployment.mjs";
import { begin, handIn } from "./vectors.mjs";

export async function bundles(lz, { offline }) {
  const here = await Deployment.found();
  const { OfflineVerifier, PublicKey, Algorithm } = lz;
  const pinned = await here.pinned(lz);
  let count = 0;
  const word = async (bundle, { by = pinned, now = NOW } = {}) => {
    const begun = await OfflineVerifier.create(by, bundle, 0, now);
    count += 1;
    return begun.ok ? "OK" : begun.code;
  };
  const changed = (change, keys) => here.bundleOf(5, change, keys);
  const withKeys = async (keys) => changed(() => undefined, await here.keys(keys));

  const bundle = await changed();
  const app = await here.app(lz, bundle);
  same(hex(app.bundle.bytes), hex(bundle), "a bundle comes back whole");
  const { signedKeys, ...content } = app.bundle.content;
  same(
    content,
    {
      issuer: ISSUER,
      version: 5n,
      issuedAt: NOW - 3_600,
      expires: NOW + 6 * DAY,
      largestStaleness: 3 * DAY,
      clockSkew: 300,
      listBase: `${ISSUER}/status/`,
      lists: [3, 4],
      agencies: [
        { number: 7, name: "兰州市公安局", division: "620102" },
        { number: 1_204, name: "城关区市场监督管理局", division: "620102" },
      ],
      fields: [{ code: "01", zh: "市场监管", en: "Market regulation" }],
      checkpoint: { number: 12n, hash: "05".repeat(32) },
      genuine: [],
    },
    "what it says",
  );
  same(app.floor, NOW - 3_600, "the floor");
  same(app.bundle.hash, await sha256(bundle), "its hash");
  // The bundles of the vectors are of the same deployment.
  const theirs = await begin(lz, offline, offline.scenarios[0]);
  same(theirs.bundle.content.issuer, ISSUER, "the deployment of the vectors");

  // Trust begins at the pinned root.
  const next = (await Deployment.found()).issuer.publicKey;
  same(await word(bundle, { by: await here.pinned(lz, next) }), "OK", "the root in use is among two");
  const other = { roots: [await PublicKey.fromBytes(Algorithm.Ed25519, next)], issuer: ISSUER };
  same(await word(bundle, { by: other }), "UNKNOWN_ROOT", "another root");
  same(await word(bundle, { by: { ...pinned, roots: [] } }), "UNKNOWN_ROOT", "no root");
  same(await word(bundle, { by: { ...pinned, issuer: "https://zf.elsewhere.cn" } }), "OTHER_ISSUER", "elsewhere");
  same(await word(await withKeys({ issuer: `${ISSUER}x` })), "OTHER_ISSUER", "keys of another deployment");
  same(await word(await changed((c) => c.set(1, `${ISSUER}x`))), "OTHER_ISSUER", "a bundle of another deployment");
  const forgedKeys = await here.keys();
  forgedKeys[forgedKeys.length - 1] ^= 1;
  same(await word(await changed(() => undefined, forgedKeys)), "SIGNATURE_INVALID", "keys that are forged");

  // Only a key for bundles that was in force and is whole signs one.
  const made = NOW - 3_600;
  for (const [what, records] of Object.entries({
    none: [here.key(1, here.issuer)],
    "of another use": [here.key(2, here.bundle)],
    "not yet in force": [here.key(3, here.bundle, { from: made + 1 })],
    "no longer in force": [here.key(3, here.bundle, { to: made })],
    compromised: [here.key(3, here.bundle, { since: [NOW + DAY] })],
    "beyond four of its name": [...Array(4).fill(here.key(3, here.bundle, { to: made })), here.key(3, here.bundle)],
  })) {
    same(await word(await withKeys({ records })), "UNKNOWN_KEY", `a key ${what}`);
  }
  for (const by of [here.issuer, here.status, here.root]) {
    same(await word(await here.signBundle(await here.content(5), by)), "UNKNOWN_KEY", `by ${by.kid}`);
  }
  for (const [what, records] of Object.entries({
    "of a use that is not known": [[9, -8, here.issuer.publicKey, 0, NOW]],
    "of an algorithm that is not known": [[1, -999, unhex("00"), 0, NOW]],
    "of SM2": [[1, -65_538, unhex("04".repeat(65)), 0, NOW]],
    "in force at the edges": [],
  })) {
    const good = here.key(3, here.bundle, { from: made, to: made + 1 });
    same(await word(await withKeys({ records: [...records, good] })), "OK", `a key ${what}`);
  }
  for (const [what, record] of Object.entries({
    "off the curve": [1, -8, unhex(`02${"00".repeat(31)}`), 0, NOW],
    "of small order": [1, -8, unhex(`01${"00".repeat(31)}`), 0, NOW],
    "of 31 bytes": [1, -8, unhex("07".repeat(31)), 0, NOW],
    "of P-256 off the curve": [1, -7, unhex("04".repeat(65)), 0, NOW],
    "of SM2 that is compressed": [1, -65_538, unhex("02".repeat(65)), 0, NOW],
    "without an end": [1, -8, here.issuer.publicKey, 0],
    "with too much": [1, -8, here.issuer.publicKey, 0, NOW, NOW, NOW],
    "from before 1970": [1, -8, here.issuer.publicKey, -1, NOW],
  })) {
    same(await word(await withKeys({ records: [record, here.key(3, here.bundle)] })), "MALFORMED", `a key ${what}`);
  }
  const many = (length) => withKeys({ records: [here.key(3, here.bundle), ...Array(length - 1).fill(here.key(4, here.issuer))] });
  same(await word(await many(256)), "OK", "256 keys");
  same(await word(await many(257)), "MALFORMED", "257 keys");

  // A bundle has an end, and not a late one.
  same(await word(bundle, { now: NOW + 6 * DAY - 1 }), "OK", "before its end");
  same(await word(bundle, { now: NOW + 6 * DAY }), "EXPIRED", "at its end");
  same((await OfflineVerifier.create(pinned, bundle, NOW + 6 * DAY, NOW)).code, "EXPIRED", "by the floor");
  same(await word(await changed((c) => c.set(4, made + 7 * DAY))), "OK", "seven days");
  same(await word(await changed((c) => c.set(4, made + 7 * DAY + 1))), "EXPIRED", "more than seven days");

  // Lists in a bundle stand in order and once.
  const utf8Order = [["\u{ff5e}", "", ""], ["\u{20bb7}", "", ""]];
  same(await word(await changed((c) => c.set(11, utf8Order))), "OK", "fields by their UTF-8");
  same(await word(await changed((c) => c.set(14, 60))), "OK", "another skew of clocks");
  for (const [what, change] of Object.entries({
    "lists not in order": (c) => c.set(9, [4, 3]),
    "a list twice": (c) => c.set(9, [3, 3]),
    "a list beyond 32 bits": (c) => c.set(9, [2 ** 32]),
    "agencies not in order": (c) => c.get(10).reverse(),
    "an agency twice": (c) => (c.get(10)[1][0] = 7),
    "fields not in order": (c) => c.set(11, [...utf8Order].reverse()),
    "a field twice": (c) => c.set(11, [...c.get(11), ...c.get(11)]),
    "genuine not in order": (c) => c.set(13, ["02", "01"].map((b) => [unhex(b.repeat(32)), unhex("00".repeat(32))])),
    "two checkpoints": (c) => c.set(12, [...c.get(12), ...c.get(12)]),
    "a hash of 31 bytes": (c) => (c.get(12)[0][1] = unhex("05".repeat(31))),
    "one entry more": (c) => c.set(15, 0),
    "two entries more": (c) => c.set(14, 0).set(15, 0),
    "the usual skew written out": (c) => c.set(14, 300),
    "one entry less": (c) => c.delete(13),
    "another entry": (c) => (c.delete(13), c.set(14, [])),
    "text as bytes": (c) => c.set(1, unhex("00")),
    "a negative time": (c) => c.set(6, -1),
    "a time beyond 53 bits": (c) => c.set(7, 2n ** 53n),
  })) {
    same(await word(await changed(change)), "MALFORMED", what);
  }
  same(await word(await changed((c) => c.set(2, 2n ** 64n - 1n))), "OK", "the largest version");
  same(await word(new Uint8Array(4 * 1024 * 1024 + 1)), "MALFORMED", "too large");

  // Nothing older follows, nothing else of the same version, and keys go forward too.
  const after = async (version, keysVersion, { more = 0, change } = {}) => {
    const known = await here.app(lz, await here.bundleOf(5, undefined, await here.keys({ version: 3 })));
    const keys = await here.keys({ version: keysVersion, issuedAt: NOW - DAY + more });
    count += 1;
    return handIn(known, "bundle", await here.bundleOf(version, change, keys), NOW);
  };
  same(await after(5, 3), "OK", "the same one again");
  same(await after(60, 3), "OK", "one may have missed some");
  same(await after(6, 4, { more: 1 }), "OK", "newer keys");
  same(await after(4, 3), "ROLLBACK", "an older one");
  same(await after(6, 2, { more: 1 }), "ROLLBACK", "older keys");
  same(await after(6, 3, { change: (c) => c.set(6, made - 1) }), "ROLLBACK", "made before");
  same(await after(5, 3, { change: (c) => c.set(7, 1) }), "FORK", "another of the same version");
  same(await after(6, 3, { more: 1 }), "FORK", "other keys of the same version");
  same(await after(2n ** 60n, 3), "OK", "a version that no number holds");
  return `${count} bundles`;
}

/** The delta between two contents that differ in their agencies and in more. */
async function between(here, old, content, { agencies = [], changed, removed, base, whole, sign } = {}) {
  const newer = await here.signBundle(content);
  const rest = new Map(content).set(10, agencies);
  return {
    newer,
    delta: unhex(
      cbor(
        new Map([
          [1, unhex(base ?? (await sha256(old)))],
          [2, unhex(whole ?? (await sha256(newer)))],
          [3, unhex(`a2 01 27 04 44${here.bundle.kid}`)],
          [4, unhex(cbor(rest))],
          [5, changed],
          [6, removed],
          [7, sign ?? newer.slice(-64)],
        ]),
      ),
    ),
  };
}

export async function deltas(lz) {
  const here = await Deployment.found();
  const old = await here.bundleOf(5);
  const content = await here.content(6);
  content.set(6, NOW - 60).set(9, [3, 4, 5]).set(12, []);
  // One agency is renamed, one is new, one has gone.
  const renamed = [1_204, "城关区综合行政执法局", "620102"];
  const added = [8, "七里河区", "620103"];
  content.set(10, [added, renamed]);
  const parts = { changed: [added, renamed], removed: [7] };
  const taking = async (delta) => {
    const app = await here.app(lz, old);
    const word = await handIn(app, "delta", delta, NOW);
    same(app.bundle.content.version, word === "OK" ? 6n : 5n, "the bundle that is held");
    return { app, word };
  };

  const { newer, delta } = await between(here, old, content, parts);
  const { app, word } = await taking(delta);
  same(word, "OK", "a delta");
  same(hex(app.bundle.bytes), hex(newer), "it makes the whole");
  same(app.floor, NOW - 60, "and moves the floor");
  const cases = {
    OTHER_BASE: [{ ...parts, base: "00".repeat(32) }],
    MALFORMED: [
      { ...parts, whole: "00".repeat(32) },
      { ...parts, agencies: [added] },
      { ...parts, changed: [renamed, added] },
      { ...parts, changed: [added, added, renamed] },
      { ...parts, removed: [7, 7] },
      { ...parts, removed: [] },
      { ...parts, removed: [7, 1_204], changed: [added] },
      { ...parts, sign: new Uint8Array(63) },
    ],
  };
  for (const [expected, list] of Object.entries(cases)) {
    for (const [at, change] of list.entries()) {
      const { delta } = await between(here, old, content, change);
      same((await taking(delta)).word, expected, `${expected} ${at}`);
    }
  }
  const signature = new Uint8Array(64).fill(1);
  const whole = newer.slice();
  whole.set(signature, whole.length - 64);
  const forged = await between(here, old, content, { ...parts, sign: signature, whole: await sha256(whole) });
  same((await taking(forged.delta)).word, "SIGNATURE_INVALID", "put together to what nobody signed");
  same((await taking(unhex(`${hex(delta)}00`))).word, "MALFORMED", "trailing bytes");

  // As many agencies as a bundle may have: nothing here goes deep or takes long.
  const province = (version) =>
    here.content(version).then((c) => c.set(10, Array.from({ length: 65_536 }, (_, n) => [n, `某县第${n}行政执法机关`, "620102"])));
  const large = await here.signBundle(await province(5));
  const larger = await province(6);
  larger.get(10)[700][1] = "改名";
  const { delta: small } = await between(here, large, larger, { changed: [larger.get(10)[700]], removed: [] });
  const big = await here.app(lz, large);
  same(await handIn(big, "delta", small, NOW), "OK", "a delta of a large province");
  same(big.bundle.agency(700).name, "改名", "the agency that was renamed");
  larger.get(10).push([65_536, "", ""]);
  const begun = await lz.OfflineVerifier.create(await here.pinned(lz), await here.signBundle(larger), 0, NOW);
  same(begun.code, "MALFORMED", "an agency more than a bundle may have");
  return "deltas, one of 65536 agencies";
}
