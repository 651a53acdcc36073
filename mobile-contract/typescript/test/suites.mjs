// All that is tested, in the order it is run.

import * as apps from "./apps.mjs";
import * as bundles from "./bundles.mjs";
import * as lists from "./lists.mjs";
import * as mutation from "./mutation.mjs";
import * as strictness from "./strictness.mjs";
import * as vectors from "./vectors.mjs";
import * as webcrypto from "./webcrypto.mjs";

const tests = {
  "the scenarios of an app": vectors.scenarios,
  "codes whose status is known": vectors.codes,
  "status lists of the IETF draft": vectors.lists,
  "other spellings of a credential": strictness.spellings,
  "presentations": strictness.presentations,
  "what is no code": strictness.inputs,
  "compressed lists": lists.archives,
  "signed lists": lists.tokens,
  "bundles that are made here": bundles.bundles,
  "deltas that are made here": bundles.deltas,
  "an app with lists that are made here": apps.apps,
  "phones with keys that are made here": apps.phones,
  points: webcrypto.points,
  "small order": webcrypto.smallOrder,
  "without Ed25519 in WebCrypto": webcrypto.missing,
  "a false of WebCrypto": webcrypto.wrong,
  "other failures of WebCrypto": webcrypto.failing,
  "what a page may draw": webcrypto.pages,
  "mutated codes": mutation.codes,
  "mutated downloads": mutation.downloads,
};

/** Runs everything against the built module; `tell` gets a line for each test. Rejects at the first failure. */
export async function suites(lz, data, tell) {
  for (const [what, test] of Object.entries(tests)) {
    try {
      await tell(`${what}: ${await test(lz, data)}`);
    } catch (error) {
      throw new Error(`${what}: ${error.message}`, { cause: error });
    }
  }
}
