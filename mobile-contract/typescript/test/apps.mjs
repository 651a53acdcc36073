// What an app takes and answers, with lists, keys and phones that are made here.

import { digitsOf, same, unhex } from "./check.mjs";
import { DAY, Deployment, NOW, pair } from "./deployment.mjs";
import { handIn } from "./vectors.mjs";

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
  return "codes of other keys and times";
}
