// Opens addresses in headless Chromium and prints one line of JSON for each, in order.
//
//     node tests/browser/open.mjs URL... [--width 360] [--height 800] [--zoom 4] [--lang zh-CN|en]
//                                        [--screenshot FILE.png] [--axe]
//     node tests/browser/open.mjs        reads requests from standard input, one JSON object a
//                                        line with the options of visit.mjs, and answers each as
//                                        it comes: one Chromium for a whole test
//
// With several addresses, FILE.png becomes FILE-1.png, FILE-2.png and so on. Exits with 1 when an
// address gave no answer at all; an HTTP error is an answer.
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { visit, withChromium } from "./visit.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: "string" },
    height: { type: "string" },
    zoom: { type: "string" },
    lang: { type: "string" },
    screenshot: { type: "string" },
    axe: { type: "boolean" },
  },
});

/** The command line as requests; an option that was not given stays undefined. */
function requestsFromArguments() {
  const number = (name) => {
    if (values[name] === undefined) return undefined;
    const parsed = Number(values[name]);
    if (!(parsed > 0)) throw new Error(`--${name} takes a number above 0, not ${values[name]}`);
    return parsed;
  };
  const { lang, axe } = values;
  const [width, height, zoom] = ["width", "height", "zoom"].map(number);
  return positionals.map((url, index) => ({
    url,
    width,
    height,
    zoom,
    lang,
    axe,
    screenshot:
      positionals.length > 1
        ? values.screenshot?.replace(/(\.[^.]*)?$/, `-${index + 1}$1`)
        : values.screenshot,
  }));
}

async function* requestsFromInput() {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim()) yield JSON.parse(line);
  }
}

try {
  const requests = positionals.length > 0 ? requestsFromArguments() : requestsFromInput();
  await withChromium(async (browser) => {
    for await (const request of requests) {
      const answer = await visit(browser, request);
      process.stdout.write(`${JSON.stringify(answer)}\n`);
      if (answer.error) process.exitCode = 1;
    }
  });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
