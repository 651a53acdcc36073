// The example of the README, against the types as an app gets them.

import { spawnSync } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

export async function checkExample() {
  const [, example] = /```ts\n(.*?)```/s.exec(await readFile(here("README.md"), "utf8"));
  await writeFile(here("dist/example.ts"), example);
  const options = "--ignoreConfig --noEmit --strict --exactOptionalPropertyTypes --target es2022 --module nodenext --types".split(" ");
  const tsc = here("node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...options, "", here("dist/example.ts")]);
  await rm(here("dist/example.ts"));
  if (status !== 0) throw new Error(`the example of the README:\n${stdout}`);
  return "the README's compiles";
}
