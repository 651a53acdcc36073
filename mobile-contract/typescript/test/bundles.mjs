// Which bundles, deltas and lists are taken, and what may follow what: with ones that are made here and
// signed as they should be.

import { cbor, digitsOf, hex, holds, same, sha256, unhex } from "./check.mjs";
import { DAY, Deployment, ISSUER, NOW, pair } from "./deployment.mjs";
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
    "one entry more": (c) => c.set(14, 0),
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
  const started = performance.now();
  const big = await here.app(lz, large);
  same(await handIn(big, "delta", small, NOW), "OK", "a delta of a large province");
  same(big.bundle.agency(700).name, "改名", "the agency that was renamed");
  holds(performance.now() - started < 20_000, "a large province takes too long");
  larger.get(10).push([65_536, "", ""]);
  const begun = await lz.OfflineVerifier.create(await here.pinned(lz), await here.signBundle(larger), 0, NOW);
  same(begun.code, "MALFORMED", "an agency more than a bundle may have");
  return "13 deltas, one of 65536 agencies";
}

export async function apps(lz, { offline }) {
  const here = await Deployment.found();
  const bundle = await here.bundleOf(5);
  const card = digitsOf(await here.card());
  const fresh = await here.app(lz, bundle);
  const verdict = async (app, now = NOW, code = card) => (await app.scan(code, null, now)).judgement.verdict;
  const word = async (app, list, now = NOW) => handIn(app, "list", await list, now);

  same(await verdict(fresh), "STATUS_UNKNOWN", "without a list");
  same(await fresh.takeList(await here.list(), NOW), { ok: true, number: 3 }, "a list");
  same(await verdict(fresh), "VALID", "with a list");
  same(fresh.floor, NOW - 600, "a list moves the floor");
  same(await verdict(fresh, NOW, digitsOf(await here.card({ list: 4 }))), "STATUS_UNKNOWN", "of a list that is not there");
  same(await verdict(fresh, NOW, digitsOf(await here.card({ index: 131_072 }))), "STATUS_UNKNOWN", "beyond the list");
  same(await verdict(fresh, NOW, digitsOf(await here.card({ index: 2 ** 32 - 1 }))), "STATUS_UNKNOWN", "far beyond");
  for (const [value, expected] of [[1, "INVALID"], [2, "SUSPENDED"], [3, "STATUS_UNKNOWN"]]) {
    for (const index of [0, 1, 2, 3, 88_213, 131_071]) {
      const app = await here.app(lz, bundle);
      same(await word(app, here.list({ entries: [[index, value]] })), "OK", "a list");
      same(await verdict(app, NOW, digitsOf(await here.card({ index }))), expected, `${value} at ${index}`);
      const beside = digitsOf(await here.card({ index: index === 0 ? 1 : index - 1 }));
      same(await verdict(app, NOW, beside), "VALID", `beside ${index}`);
    }
  }

  // Beyond its exp a list says only what is final, however large the staleness that is allowed.
  for (const [value, before, after] of [[0, "VALID_STALE", "STATUS_UNKNOWN"], [1, "INVALID", "INVALID"], [2, "SUSPENDED", "STATUS_UNKNOWN"]]) {
    const app = await here.app(lz, bundle);
    same(await word(app, here.list({ lasts: 2_000, entries: [[88_213, value]] })), "OK", "a list");
    same(await verdict(app, NOW + 1_400), before, `${value} at the exp of its list`);
    same(await verdict(app, NOW + 1_401), after, `${value} beyond the exp of its list`);
  }

  // A list without a ttl is to be fetched again at once.
  const brief = await here.app(lz, bundle);
  same(await word(brief, here.list({ issuedAt: NOW, ttl: null })), "OK", "a list without a ttl");
  same(await verdict(brief), "VALID", "at its iat");
  same(await verdict(brief, NOW + 1), "VALID_STALE", "a second later");

  // What is no current list leaves the one that is held.
  const app = await here.app(lz, bundle);
  same(await word(app, here.list({ issuedAt: NOW - 60, entries: [[88_213, 2]], size: 262_144 })), "OK", "a longer list");
  for (const [what, expected, list] of [
    ["an older one", "OLDER", here.list({ issuedAt: NOW - 61, size: 262_144 })],
    ["a shorter one", "TOO_SHORT", here.list({ issuedAt: NOW })],
    ["another number", "OTHER_ISSUER", here.list({ number: 9 })],
    ["a number with a zero", "OTHER_ISSUER", here.list({ number: "03" })],
    ["a number with a sign", "OTHER_ISSUER", here.list({ number: "+3" })],
    ["a number beyond 32 bits", "OTHER_ISSUER", here.list({ number: "4294967299" })],
    ["no number", "OTHER_ISSUER", here.list({ number: "" })],
    ["one that has ended", "EXPIRED", here.list({ issuedAt: NOW, lasts: 0 })],
    ["one by the issuer's key", "UNKNOWN_KEY", here.list({ by: here.issuer })],
    ["one from before the key", "UNKNOWN_KEY", here.list({ issuedAt: NOW - 3_001 * DAY })],
    ["one from after the key", "UNKNOWN_KEY", here.list({ issuedAt: NOW + 3_000 * DAY })],
  ]) {
    same(await word(app, list), expected, what);
  }
  same(app.floor, NOW - 60, "no refused one moves the floor");
  same(await verdict(app), "SUSPENDED", "the older one is held");
  same(await word(app, here.list({ issuedAt: NOW, size: 262_144 })), "OK", "a newer one");
  same(await verdict(app), "VALID", "it is held");
  same(await word(app, here.list({ issuedAt: NOW, lasts: 5, size: 262_144 }), NOW - DAY), "OK", "a clock set back …");
  same(await word(app, here.list({ issuedAt: NOW - 9, lasts: 5 }), NOW - DAY), "EXPIRED", "… makes no ended list good");
  // A compromised key of use status says nothing.
  const since = [NOW + DAY];
  const records = [here.key(1, here.issuer), here.key(2, here.status, { since }), here.key(3, here.bundle)];
  const distrusting = await here.app(lz, await here.bundleOf(5, undefined, await here.keys({ records })));
  same(await word(distrusting, here.list()), "UNKNOWN_KEY", "a compromised key");
  // A list that the bundle no longer names says nothing any more.
  same(await handIn(app, "bundle", await here.bundleOf(6, (c) => c.set(9, [4])), NOW), "OK", "a newer bundle");
  same(await verdict(app), "STATUS_UNKNOWN", "a list that is named no more");

  // An issuer's key counts while it is in force, by the floor where the clock is behind it.
  const until = async (to, now, floor = 0) => {
    const keys = [here.key(1, here.issuer, { to }), here.key(2, here.status), here.key(3, here.bundle)];
    const app = await here.app(lz, await here.bundleOf(5, undefined, await here.keys({ records: keys })), { floor });
    same(await word(app, here.list()), "OK", "a list");
    return verdict(app, now);
  };
  same(await until(NOW + 1, NOW), "VALID", "in force");
  same(await until(NOW, NOW), "UNKNOWN_ISSUER", "no longer in force");
  same(await until(NOW, NOW - 10, NOW), "UNKNOWN_ISSUER", "no longer in force by the floor");
  // A clock set back makes no list younger.
  const late = await here.app(lz, bundle, { floor: NOW + 400 });
  same(await word(late, here.list()), "OK", "a list");
  same(await verdict(late, NOW + 200), "VALID_STALE", "old by the floor");
  same(await verdict(late, NOW + 100), "VALID_STALE", "as far behind as may be");
  same(await verdict(late, NOW + 99), "CLOCK_UNTRUSTED", "too far behind");

  // A repeated phone code is remarked on, for two minutes, and no more.
  const phone = offline.scenarios.find(({ what }) => what === "a phone").steps.find((step) => step.expect.evidence === "PHONE");
  const seeing = await here.app(lz, bundle);
  same(await word(seeing, here.list()), "OK", "a list");
  const reasons = async (now) => (await seeing.scan(phone.scan, null, now)).judgement.reasons;
  same(await reasons(NOW), [], "once");
  same(await reasons(NOW + 120), ["REPLAYED"], "twice");
  same(await reasons(NOW + 121), [], "after two minutes from the first");
  same(await reasons(NOW + 122), ["REPLAYED"], "from then on again");
  return "lists, keys, clocks and repeats";
}

export async function phones(lz) {
  const here = await Deployment.found();
  const app = await here.app(lz, await here.bundleOf(5));
  same(await handIn(app, "list", await here.list(), NOW), "OK", "a list");
  const device = await pair("04");
  const verdict = async (issuedAt, now, options, by = device) => {
    const code = await here.show(by, await here.phone(device, options), issuedAt);
    return (await app.scan(digitsOf(code), null, now)).judgement.verdict;
  };
  // Shown while its credential was in force, and just now.
  const brief = { from: NOW - 5, to: NOW + 5 };
  for (const [issuedAt, now, expected] of [
    [NOW - 6, NOW, "STALE_CODE"],
    [NOW - 5, NOW, "VALID"],
    [NOW + 4, NOW, "VALID"],
    [NOW + 4, NOW + 94, "VALID"],
    [NOW + 4, NOW + 95, "STALE_CODE"],
    [NOW + 5, NOW, "STALE_CODE"],
    [NOW + 5, NOW + 10, "STALE_CODE"],
  ]) {
    same(await verdict(issuedAt, now, brief), expected, `made at ${issuedAt - NOW}, seen at ${now - NOW}`);
  }
  same(await verdict(NOW, NOW, { from: NOW - 100, to: NOW - 100 + DAY }), "VALID", "of a day");
  same(await verdict(NOW, NOW, { from: NOW - 100, to: NOW - 99 + DAY }), "UNREADABLE", "of more than a day");
  same(await verdict(NOW, NOW, {}, await pair("05")), "SIGNATURE_INVALID", "by another phone");
  // Keys that are none are found out only after the issuer's signature.
  const { publicKey } = device;
  for (const [what, expected, key] of [
    ["of small order", "SIGNATURE_INVALID", [[1, 1], [-1, 6], [-2, unhex(`01${"00".repeat(31)}`)]]],
    ["off the curve", "SIGNATURE_INVALID", [[1, 1], [-1, 6], [-2, unhex(`02${"00".repeat(31)}`)]]],
    ["of P-256 off the curve", "SIGNATURE_INVALID", [[1, 2], [-1, 1], [-2, unhex("ff".repeat(32))], [-3, true]]],
    ["of another algorithm", "SIGNATURE_INVALID", [[1, 2], [-1, 1], [-2, unhex(`${"00".repeat(31)}05`)], [-3, true]]],
    ["of P-256 without y", "UNREADABLE", [[1, 2], [-1, 1], [-2, publicKey]]],
    ["of P-256 with the whole y", "UNREADABLE", [[1, 2], [-1, 1], [-2, publicKey], [-3, publicKey]]],
    ["of Ed25519 with y", "UNREADABLE", [[1, 1], [-1, 6], [-2, publicKey], [-3, true]]],
    ["of another type", "UNREADABLE", [[1, 2], [-1, 6], [-2, publicKey]]],
    ["of another curve of its type", "UNREADABLE", [[1, 2], [-1, 2], [-2, publicKey], [-3, true]]],
    ["of another type with y", "UNREADABLE", [[1, 1], [-1, 1], [-2, publicKey], [-3, true]]],
    ["of another curve", "UNREADABLE", [[1, 1], [-1, 4], [-2, publicKey]]],
    ["of 31 bytes", "UNREADABLE", [[1, 1], [-1, 6], [-2, publicKey.slice(1)]]],
    ["in another order", "UNREADABLE", [[-1, 6], [1, 1], [-2, publicKey]]],
    ["with a kid", "UNREADABLE", [[1, 1], [2, publicKey], [-1, 6], [-2, publicKey]]],
  ]) {
    same(await verdict(NOW, NOW, { key: new Map(key) }), expected, `a key ${what}`);
  }
  return "24 codes";
}
