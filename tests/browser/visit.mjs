// Opens pages in one headless Chromium and says what a person, and what the browser, saw there.
import { rmSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { chromium } from "playwright-core";

const TIMEOUT_MS = 30_000;

// Without the flags about background work and QUIC, Chromium calls its maker's hosts at each start.
const FLAGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
  "--no-sandbox",
];

// The rule sets of axe that belong to WCAG 2.2 A and AA.
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

/** Starts Chromium with an empty profile, calls `use(browser)` and removes what it left. */
export async function withChromium(use) {
  const scratch = await mkdtemp(join(tmpdir(), "lz-chromium-"));
  process.on("exit", () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));
  // Whatever the driver and Chromium write besides the profile goes into the same folder.
  process.env.TMPDIR = scratch;
  let browser;
  try {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: FLAGS,
      env: { ...process.env, HOME: scratch, XDG_CONFIG_HOME: scratch, XDG_CACHE_HOME: scratch },
      timeout: TIMEOUT_MS,
    });
    return await use(browser);
  } finally {
    await browser?.close();
  }
}

/**
 * Visits one address as a new visitor: no cookie, no cache, no history.
 *
 * @param request.url        the address
 * @param request.width      window width in pixels before zooming (default 1280)
 * @param request.height     window height in pixels before zooming (default 800)
 * @param request.zoom       as in the browser's menu, 4 for 400 % (default 1)
 * @param request.lang       the visitor's language, sent as Accept-Language (default zh-CN)
 * @param request.fill       what is typed into, or chosen of, each field of a form of the page before
 *                           it is sent (default: there is no form to send)
 * @param request.screenshot where to write a PNG of the whole page (default: none)
 * @param request.axe        true to check the page for WCAG 2.2 AA with axe-core
 * @returns one flat object, described in docs/testing.md; `error` is set, and little else, when
 *          there was no answer
 */
export async function visit(browser, request) {
  const { url, width = 1280, height = 800, zoom = 1, lang = "zh-CN", fill, screenshot, axe } = request;
  // Zooming makes each CSS pixel larger, so fewer of them fit: a viewport of width / zoom.
  const context = await browser.newContext({
    viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) },
    deviceScaleFactor: zoom,
    locale: lang,
    timezoneId: "Asia/Shanghai",
  });
  context.setDefaultTimeout(TIMEOUT_MS);
  try {
    const page = await context.newPage();
    const consoleErrors = [];
    const requests = [];
    page.on("console", (line) => line.type() === "error" && consoleErrors.push(line.text()));
    page.on("pageerror", (error) => consoleErrors.push(String(error)));
    page.on("request", (sent) => requests.push(sent.url()));

    let response = await page.goto(url, { waitUntil: "load" });
    if (fill) response = await send(page, fill);
    const [headers, sizes] = await Promise.all([
      response.allHeaders(),
      response.request().sizes(),
    ]);
    const seen = await page.evaluate(() => {
      const main = document.querySelector("main");
      const root = document.documentElement;
      return {
        title: document.title,
        lang: root.lang,
        verdict: main?.dataset.verdict ?? null,
        feedback: main?.dataset.feedback ?? null,
        text: main?.innerText ?? null,
        scrollWidth: root.scrollWidth,
        clientWidth: root.clientWidth,
      };
    });
    const answer = {
      url: page.url(),
      status: response.status(),
      headers,
      bodyBytes: sizes.responseBodySize,
      ...seen,
      consoleErrors,
      requests,
      cookies: await context.cookies(),
    };
    if (screenshot) await page.screenshot({ path: screenshot, fullPage: true });
    if (axe) answer.violations = await violations(page);
    return answer;
  } catch (error) {
    const [reason] = stripVTControlCharacters(error.message).split("\n");
    return { url, error: reason };
  } finally {
    await context.close();
  }
}

/** Fills the page's form in and sends it; answers the response that comes. */
async function send(page, fill) {
  let last;
  for (const [name, value] of Object.entries(fill)) {
    const field = page.locator(`[name="${name}"]`).and(page.locator(":not([type=hidden])"));
    const type = await field.first().evaluate((element) => element.type);
    if (type === "radio") await page.check(`[name="${name}"][value="${value}"]`);
    else if (type === "select-one") await field.selectOption(value);
    else await field.fill(value);
    last = name;
  }
  const form = page.locator("form").filter({ has: page.locator(`[name="${last}"]`) });
  const coming = page.waitForNavigation({ waitUntil: "load" });
  await form.locator("button[type=submit]").click();
  return coming;
}

/** What axe-core finds wrong, one short entry a rule with the elements that break it. */
async function violations(page) {
  const source = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
  // Evaluated by the driver rather than added to the page, which a strict CSP would refuse.
  await page.evaluate(await readFile(source, "utf8"));
  return page.evaluate(async (tags) => {
    const found = await globalThis.axe.run(document, { runOnly: tags, preload: false });
    return found.violations.map(({ id, impact, help, nodes }) => ({
      id,
      impact,
      help,
      elements: nodes.map((node) => node.html),
    }));
  }, WCAG);
}
