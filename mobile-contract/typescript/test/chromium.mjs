// The same tests in Chromium, as the project's browser tests start it: a page of a loopback server, a
// secure context with WebCrypto.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { withChromium } from "../../../tests/browser/visit.mjs";

const ROOT = new URL("../", import.meta.url);
const NOBLE = "node_modules/@noble/ed25519/index.js";
const PAGE = `<!doctype html><meta charset="utf-8"><title>Verifier</title>
<script type="importmap">{ "imports": { "@noble/ed25519": "/${NOBLE}" } }</script>`;

/** Serves the built module and the tests; remembers what was asked for. */
function serving(asked) {
  return createServer(async ({ url }, response) => {
    asked.push(url);
    if (url === "/") return response.setHeader("Content-Type", "text/html").end(PAGE);
    if (!/^\/(dist|test)\/\w+\.m?js$/.test(url) && url !== `/${NOBLE}`) return response.writeHead(404).end();
    const file = fileURLToPath(new URL(url.slice(1), ROOT));
    try {
      response.setHeader("Content-Type", "text/javascript").end(await readFile(file));
    } catch {
      response.writeHead(404).end();
    }
  });
}

export async function inChromium(data, tell) {
  const asked = [];
  const server = serving(asked);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await withChromium(async (browser) => {
      const page = await browser.newPage();
      const errors = [];
      page.on("pageerror", (error) => errors.push(error.message));
      await page.exposeFunction("tell", tell);
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      tell(`version ${browser.version()}`);

      // What stands in for WebCrypto is fetched when it is needed, and not before.
      const scenarios = (without) =>
        page.evaluate(
          async ([data, without]) => {
            const lz = await import("/dist/index.js");
            const { scenarios } = await import("/test/vectors.mjs");
            const { withoutEd25519 } = await import("/test/check.mjs");
            const play = () => scenarios(lz, data);
            return without ? withoutEd25519(play) : play();
          },
          [data, without],
        );
      const fetched = () => asked.filter((url) => url === `/${NOBLE}`).length;
      await scenarios(false);
      if (fetched() !== 0) throw new Error("@noble/ed25519 was fetched though WebCrypto has Ed25519");
      await scenarios(true);
      if (fetched() !== 1) throw new Error("@noble/ed25519 was not fetched once");

      await page.evaluate(async (data) => {
        const { suites } = await import("/test/suites.mjs");
        await suites(await import("/dist/index.js"), data, window.tell);
      }, data);
      if (errors.length > 0) throw new Error(errors.join("\n"));
    });
  } finally {
    server.close();
  }
}
