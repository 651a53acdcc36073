// Codes and downloads with something changed: nothing throws, and nothing comes out good.

import { bytesOf, digitsOf, holds, numbers, same, unhex } from "./check.mjs";
import { begin, handIn } from "./vectors.mjs";

/** Codes that are VALID at some time, each kind once. */
function validCodes({ offline }) {
  const kinds = new Map();
  for (const scenario of offline.scenarios) {
    for (const step of scenario.steps) {
      if (step.expect.verdict !== "VALID" || step.scan.includes("/")) continue;
      const { evidence, kid } = step.expect;
      const kind = `${evidence} ${kid} ${step.scan.length}`;
      if (!kinds.has(kind)) kinds.set(kind, step);
    }
  }
  return [...kinds.values()];
}

/** Every bit turned; then bytes put in, taken out, cut off and swapped. */
function* mutants(bytes, random, more) {
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const mutant = bytes.slice();
    mutant[bit >> 3] ^= 1 << (bit & 7);
    yield mutant;
  }
  for (let round = 0; round < more; round += 1) {
    const [at, to] = [random(bytes.length), random(bytes.length)];
    const list = [...bytes];
    const kind = random(5);
    if (kind === 0) list.splice(at, 0, random(256));
    else if (kind === 1) list.splice(at, 1 + random(4));
    else if (kind === 2) list.length = at;
    else if (kind === 3) list.splice(at, 4, random(256), random(256), random(256), random(256));
    else [list[at], list[to]] = [list[to], list[at]];
    yield Uint8Array.from(list);
  }
}

/** Digits changed, put in, taken out and swapped. */
function* misread(digits, random, rounds) {
  for (let round = 0; round < rounds; round += 1) {
    const at = random(digits.length);
    const digit = String(random(10));
    const rest = digits.slice(at + random(2));
    yield digits.slice(0, at) + digit + rest;
    yield digits.slice(0, at) + rest;
  }
}

export async function codes(lz, { offline }) {
  const random = numbers(20_260_801);
  const app = await begin(lz, offline, offline.scenarios[0]);
  const verdicts = {};
  let count = 0;
  const originals = validCodes({ offline });
  for (const { scan, challenge, now, expect } of originals) {
    const { evidence } = expect;
    same(await handIn(app, "list", unhex(offline.files["list-valid"]), now), "OK", "the list");
    const asked = challenge && unhex(challenge);
    same((await app.scan(scan, asked, now)).judgement.verdict, "VALID", `${evidence} as it is`);
    const changed = [
      ...Array.from(mutants(bytesOf(scan), random, 300), (bytes) => (bytes.length > 0 ? digitsOf(bytes) : "")),
      ...misread(scan, random, 300),
    ];
    for (const input of changed) {
      if (input === scan) continue;
      const { judgement } = await app.scan(input, asked, now);
      const { verdict } = judgement;
      const refused = ["UNREADABLE", "UNKNOWN_ISSUER", "SIGNATURE_INVALID"].includes(verdict);
      // The phone's half of a code that says it answers another's challenge cannot be verified, and is
      // not called forged; what the issuer signed is whole.
      const bound = evidence !== "PRINTED" && ["CHALLENGE_BOUND", "STALE_CODE"].includes(verdict);
      holds(refused || bound, `${verdict} for ${input}`);
      holds(judgement.evidence === null, `evidence for ${input}`);
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
      count += 1;
    }
  }
  for (let round = 0; round < 2_000; round += 1) {
    const bytes = Uint8Array.from({ length: 1 + random(330) }, () => random(256));
    if (round % 2 === 0) bytes.set([0xd2, 0x84].slice(0, bytes.length));
    same((await app.scan(digitsOf(bytes), null, originals[0].now)).judgement.verdict, "UNREADABLE", "bytes by chance");
  }
  const told = Object.entries(verdicts).map(([verdict, times]) => `${times} ${verdict}`);
  return `${originals.length} codes changed ${count} times (${told.join(", ")}), and 2000 by chance`;
}

export async function downloads(lz, { offline }) {
  const random = numbers(20_260_802);
  let count = 0;
  for (const [kind, file] of [
    ["bundle", "bundle-6"],
    ["delta", "delta-5-6"],
    ["list", "list-valid"],
    ["list", "list-valid-jwt"],
    ["genuine", "genuine"],
  ]) {
    const app = await begin(lz, offline, offline.scenarios[0]);
    const { now } = offline.scenarios[0];
    const original = unhex(offline.files[file]);
    for (const mutant of mutants(original, random, 300)) {
      if (mutant.length === original.length && mutant.every((byte, at) => byte === original[at])) continue;
      const word = await handIn(app, kind, mutant, now);
      holds(word !== "OK", `${file} is taken with something changed`);
      count += 1;
    }
    same(app.bundle.content.version, 5n, "the bundle stays");
    if (kind !== "genuine") same(await handIn(app, kind, original, now), "OK", `${file} as it is`);
  }
  return `5 files changed ${count} times`;
}
