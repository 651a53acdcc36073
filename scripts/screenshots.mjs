// Takes the README's pictures of the public page and the card: starts the built server with a
// small demo province, finds a certificate in each state and writes docs/pictures/*.png.
//
//     node scripts/screenshots.mjs        LZ_TEST_BINARY names another server than target/debug
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { crc32, deflateSync } from "node:zlib";
import { visit, withChromium } from "../tests/browser/visit.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const PICTURES = join(ROOT, "docs/pictures");
const BINARY = process.env.LZ_TEST_BINARY ?? join(ROOT, "target/debug/liangzheng");
/** The largest picture, in bytes. */
const LARGEST = 200 * 1024;
/** Reads every certificate of the demo with its code. */
const LOGIN = "issuer.gansu";

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Starts the server and waits until it serves. */
async function start(data) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(BINARY, ["serve", "--demo", "--officers", "300"], {
    env: { ...process.env, DATA_DIR: data, PORT: String(port), PUBLIC_URL: url },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("GraphQL: ")) return { child, url };
  }
  throw new Error("the server ended");
}

async function ask(url, token, query, variables = {}) {
  const headers = { "content-type": "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  const body = JSON.stringify({ query, variables });
  const response = await fetch(`${url}/graphql`, { method: "POST", headers, body });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return Object.values(data)[0];
}

/** The address in the code of a certificate in this state. */
async function code(url, token, state) {
  const query =
    "query($state: CertificateState) { certificates(first: 1, state: $state) { nodes " +
    "{ printedCode { url } } } }";
  const found = await ask(url, token, query, { state });
  return found.nodes[0].printedCode.url;
}

/** Signs in one of the demo's accounts. */
async function signIn(url, data, login) {
  const lines = readFileSync(join(data, "passwords.txt"), "utf8").split("\n");
  const [, password] = lines.find((line) => line.startsWith(`${login} `)).split(/\s+/);
  const mutation =
    "mutation($login: String!, $password: String!) { signIn(login: $login, password: $password) " +
    "{ tokens { accessToken } } }";
  return (await ask(url, null, mutation, { login, password })).tokens.accessToken;
}

/** Has an officer of the demo show the certificate beside another; answers the code of the card. */
async function showing(url, data, token) {
  const [officer, second] = await Promise.all([1, 2].map((n) => signIn(url, data, `officer-${n}`)));
  const own = "{ ownRecord { certificates { number } officer { fields { code } area { code } } } }";
  const [one, other] = await Promise.all([officer, second].map((token) => ask(url, token, own)));
  const input = {
    kind: "INSPECTION",
    task: "“双随机、一公开”日常检查",
    fieldCodes: [one.officer.fields[0].code],
    divisionCode: one.officer.area.code,
    noticeNumber: "演示检通〔2026〕8号",
    secondCertificateNo: other.certificates[0].number,
  };
  const start =
    "mutation($input: StartShowingInput!) { startShowing(input: $input) { showing { id } } }";
  const { showing } = await ask(url, officer, start, { input });
  const confirm = "mutation($id: ID!) { confirmShowing(id: $id) { showing { id } } }";
  await ask(url, second, confirm, { id: showing.id });
  const card =
    "query($number: String!) { certificates(number: $number) { nodes { printedCode { url } } } }";
  const { nodes } = await ask(url, token, card, { number: one.certificates[0].number });
  return nodes[0].printedCode.url;
}

/** Draws cards of the first certificates in force and renders them with poppler. */
async function cards(url, token, folder) {
  const query = "query { certificates(first: 10, state: ACTIVE) { nodes { id } } }";
  const ids = (await ask(url, token, query)).nodes.map((node) => node.id);
  const authorization = `Bearer ${token}`;
  const card = await fetch(`${url}/certificates/${ids[0]}/card.pdf`, { headers: { authorization } });
  const body = JSON.stringify({ ids });
  const sheets = await fetch(`${url}/cards/sheets.pdf`, {
    method: "POST",
    headers: { authorization },
    body,
  });
  const pictures = [
    ["card-front", card, 1, 200],
    ["card-back", card, 2, 200],
    ["card-sheet", sheets, 1, 60],
  ];
  const documents = new Map();
  for (const [name, response, page, dpi] of pictures) {
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    if (!documents.has(response)) {
      documents.set(response, join(folder, `${name}.pdf`));
      writeFileSync(documents.get(response), Buffer.from(await response.arrayBuffer()));
    }
    const rendered = ["-r", dpi, "-f", page, "-l", page, "-png", "-singlefile"].map(String);
    execFileSync("pdftoppm", [...rendered, documents.get(response), join(PICTURES, name)]);
  }
  return pictures.map(([name]) => join(PICTURES, `${name}.png`));
}

/** The pixels of a PNG, decoded by the browser: width, height and four bytes a pixel. */
async function pixels(browser, file) {
  const page = await browser.newPage();
  const answer = await page.evaluate(async (base64) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${base64}`;
    await picture.decode();
    const { width, height } = picture;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d");
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    let bytes = "";
    for (let at = 0; at < data.length; at += 8192) {
      bytes += String.fromCharCode(...data.subarray(at, at + 8192));
    }
    return { width, height, bytes: btoa(bytes) };
  }, readFileSync(file, "base64"));
  await page.close();
  return { ...answer, bytes: Buffer.from(answer.bytes, "base64") };
}

/** The 256 commonest colours, and for each pixel the place of the one nearest to it. */
function palette({ bytes }) {
  const counts = new Map();
  const pixels = new Uint32Array(bytes.length / 4);
  for (let at = 0; at < pixels.length; at++) {
    pixels[at] = bytes.readUIntBE(at * 4, 3);
    counts.set(pixels[at], (counts.get(pixels[at]) ?? 0) + 1);
  }
  const common = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256);
  const colours = common.map(([colour]) => channels(colour));
  const places = new Map();
  for (const colour of counts.keys()) {
    const [red, green, blue] = channels(colour);
    const distances = colours.map(
      ([r, g, b]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2,
    );
    places.set(colour, distances.indexOf(Math.min(...distances)));
  }
  return { colours, indices: Buffer.from(Array.from(pixels, (colour) => places.get(colour))) };
}

function channels(colour) {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

function chunk(type, content) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(content.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** Writes a PNG again with at most 256 colours: a third of the size, and no difference seen. */
async function shrink(browser, file) {
  const picture = await pixels(browser, file);
  const reduced = palette(picture);
  const { width, height } = picture;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8); // eight bits, a palette
  const colours = Buffer.from(reduced.colours.flat());
  const rows = Buffer.alloc((width + 1) * height); // each begins with 0: unfiltered
  for (let row = 0; row < height; row++) {
    reduced.indices.copy(rows, row * (width + 1) + 1, row * width, (row + 1) * width);
  }
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const end = chunk("IEND", Buffer.alloc(0));
  const body = [chunk("IHDR", header), chunk("PLTE", colours)];
  const data = chunk("IDAT", deflateSync(rows, { level: 9 }));
  writeFileSync(file, Buffer.concat([signature, ...body, data, end]));
}

/** Shrinks a picture and says how large it is. */
async function keep(browser, picture) {
  await shrink(browser, picture);
  const { size } = statSync(picture);
  process.stdout.write(`${picture} ${Math.round(size / 1024)} KB\n`);
  if (size > LARGEST) throw new Error(`${picture} is too large`);
}

async function main(data) {
  const { child, url } = await start(data);
  try {
    const token = await signIn(url, data, LOGIN);
    const valid = await code(url, token, "ACTIVE");
    // Another last digit is another last byte of the signature.
    const altered = valid.replace(/.$/, (digit) => (digit === "0" ? "1" : String(digit - 1)));
    const pages = [
      ["valid", "VALID", valid],
      ["not-authorised", "NOT_AUTHORISED", await code(url, token, "SUSPENDED")],
      ["cancelled", "CANCELLED", await code(url, token, "CANCELLED")],
      ["expired", "EXPIRED", await code(url, token, "EXPIRED")],
      ["lost", "LOST", await code(url, token, "LOST")],
      ["signature-invalid", "SIGNATURE_INVALID", altered],
      ["unreadable", "UNREADABLE", `${url}/v/123`],
      ["look-up", null, `${url}/lookup`],
      ["showing", "VALID", await showing(url, data, token), { height: 4200 }],
      ["feedback", null, `${url}/feedback`, { height: 2400 }],
      ["valid-en", "VALID", valid, { lang: "en" }],
      ["valid-wide", "VALID", valid, { width: 1280, height: 720, zoom: 1 }],
    ];
    mkdirSync(PICTURES, { recursive: true });
    await withChromium(async (browser) => {
      for (const [name, verdict, page, more] of pages) {
        const screenshot = join(PICTURES, `${name}.png`);
        // 360 CSS pixels across, two device pixels each.
        const phone = { width: 720, height: 1280, zoom: 2 };
        const answer = await visit(browser, { url: page, screenshot, ...phone, ...more });
        if (answer.verdict !== verdict) {
          throw new Error(`${name}: ${answer.error ?? answer.verdict} instead of ${verdict}`);
        }
        await keep(browser, screenshot);
      }
      for (const picture of await cards(url, token, data)) await keep(browser, picture);
    });
  } finally {
    child.kill();
  }
}

const data = mkdtempSync(join(tmpdir(), "lz-screenshots-"));
process.on("exit", () => rmSync(data, { recursive: true, force: true }));
await main(data);
