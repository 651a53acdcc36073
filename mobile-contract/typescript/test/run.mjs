// Every test in Node, then the same in Chromium, then the size and the README's example.
//
//     node test/run.mjs [node|chromium|size|example]...

import { readFile } from "node:fs/promises";
import * as lz from "../dist/index.js";
import { suites } from "./suites.mjs";

const vectors = async (name) =>
  JSON.parse(await readFile(new URL(`../../vectors/${name}`, import.meta.url), "utf8"));
const data = {
  offline: await vectors("offline.json"),
  credential: await vectors("credential.json"),
  outside: await vectors("outside/token-status-list.json"),
};

// A promise that nobody waits for must not fail unseen.
process.on("unhandledRejection", (error) => {
  throw error;
});

const parts = {
  async node() {
    await suites(lz, data, (line) => console.log(`node      ${line}`));
  },
  async chromium() {
    const { inChromium } = await import("./chromium.mjs");
    await inChromium(data, (line) => console.log(`chromium  ${line}`));
  },
  async size() {
    const { checkSize } = await import("./size.mjs");
    console.log(`size      ${await checkSize(data)}`);
  },
  async example() {
    const { checkExample } = await import("./example.mjs");
    console.log(`example   ${await checkExample()}`);
  },
};
const chosen = process.argv.slice(2);
for (const part of chosen.length > 0 ? chosen : Object.keys(parts)) await parts[part]();
