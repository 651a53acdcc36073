// How large the module is as an app ships it, and that it stands alone.

import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { holds, same, unhex, withoutEd25519 } from "./check.mjs";
import * as vectors from "./vectors.mjs";

/** The most bytes of the module without `@noble/ed25519`, minified and compressed. */
const MOST_BYTES = 15 * 1024;

export async function checkSize(data) {
  const { outputFiles } = await build({
    entryPoints: [new URL("../dist/index.js", import.meta.url).pathname],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    external: ["@noble/ed25519"],
    write: false,
  });
  const [{ contents }] = outputFiles;
  const bytes = gzipSync(contents, { level: 9 }).length;
  holds(bytes <= MOST_BYTES, `${bytes} bytes are more than ${MOST_BYTES}`);

  // From a data URL no package is found: the module needs none where WebCrypto has Ed25519, and
  // elsewhere refuses, without throwing, what it cannot verify.
  const lz = await import(`data:text/javascript;base64,${Buffer.from(contents).toString("base64")}`);
  await vectors.scenarios(lz, data);
  const { offline } = data;
  const [scenario] = offline.scenarios;
  const app = await vectors.begin(lz, offline, scenario);
  await withoutEd25519(async () => {
    const { scan, now } = scenario.steps.find((step) => step.scan);
    const { judgement } = await app.scan(scan, null, now);
    same(judgement.verdict, "UNKNOWN_ISSUER", "a code under a key that nothing can verify with");
    const bundle = unhex(offline.files["bundle-6"]);
    same(await vectors.handIn(app, "bundle", bundle, now), "SIGNATURE_INVALID", "a bundle under such keys");
    same(app.bundle.content.version, 5n, "the bundle stays");
  });
  return `${bytes} bytes minified and compressed, of at most ${MOST_BYTES}; stands alone`;
}
