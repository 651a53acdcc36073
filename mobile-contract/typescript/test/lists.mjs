// Compressed lists, and signed ones in both forms: what is not exactly a list is refused.

import { base64url, ed25519Signer, hex, numbers, same, sealed, toBase64url, unhex, zlib } from "./check.mjs";
import { ascii, NOW } from "./deployment.mjs";
import { begin, handIn } from "./vectors.mjs";

export async function archives(lz) {
  const random = numbers(7);
  const entries = new Uint8Array(40_000).map(() => random(4));
  const whole = await zlib(entries);
  let broken = 0;
  const word = async (bits, bytes) => {
    const { ok, code } = await lz.StatusList.unpack(bits, bytes);
    broken += Number(code === "MALFORMED");
    return ok ? "OK" : code;
  };
  same(await word(2, whole), "OK", "a whole stream");
  same((await lz.StatusList.unpack(8, whole)).list.get(39_999), entries[39_999], "its last entry");
  const tail = whole.length - 40;
  for (const end of [0, 1, 2, 3, 10, 1_000, ...Array.from({ length: 40 }, (_, at) => tail + at)]) {
    same(await word(2, whole.slice(0, end)), "MALFORMED", `cut at ${end}`);
  }
  const wrongSum = whole.slice();
  wrongSum[wrongSum.length - 1] ^= 1;
  same(await word(2, wrongSum), "MALFORMED", "a wrong checksum");
  const sum = whole.slice(-4);
  for (const trailing of [[0], [...sum], [...whole], new Array(5_000).fill(7)]) {
    same(await word(2, Uint8Array.from([...whole, ...trailing])), "MALFORMED", `${trailing.length} trailing bytes`);
  }
  for (const bits of [0, 3, 5, 16, 255, -1, 1.5, Number.NaN]) {
    same(await word(bits, whole), "MALFORMED", `entries of ${bits} bits`);
  }
  const most = 4 * 1024 * 1024;
  same(await word(1, await zlib(new Uint8Array(most))), "OK", "the largest list");
  same(await word(1, await zlib(new Uint8Array(most + 1))), "TOO_LARGE", "one byte more");
  same(await word(1, await zlib(new Uint8Array(100 * 1024 * 1024))), "TOO_LARGE", "a bomb");
  return `${broken} broken streams and a bomb refused`;
}

/** Lists as JWT and CWT that are signed by a key of the right name, but written in ways that are none. */
export async function tokens(lz, { offline }) {
  const sign = await ed25519Signer("a2".repeat(32));
  const text = (bytes) => new TextDecoder().decode(bytes);
  const encode = (part) => toBase64url(ascii(part));
  const decode = (part) => text(base64url(part));
  const [header, body] = text(unhex(offline.files["list-valid-jwt"])).split(".").slice(0, 2).map(decode);
  const jwt = async (header, body) => {
    const message = `${encode(header)}.${encode(body)}`;
    return `${message}.${toBase64url(await sign(ascii(message)))}`;
  };
  const word = async (token) => {
    const app = await begin(lz, offline, offline.scenarios[0]);
    return handIn(app, "list", typeof token === "string" ? ascii(token) : token, NOW);
  };
  const iat = /"iat":(\d+)/.exec(body)[1];
  const good = await jwt(header, body);
  const cases = {
    OK: [
      good,
      await jwt(header.replace("{", "{ \n\t"), `\r ${body} `),
      await jwt(header.replace("{", '{"x":[{"alg":"none"},"\\"}"],'), body),
      await jwt(header.replace("{", '{"x":1,"x":2,'), body.replace("{", '{"y":"\\\\","iat2":{"iat":1},')),
      await jwt(header, body.replace(/,?"iss":"[^"]*"/, "")),
      await jwt(header, body.replace(/"sub"/, '"s\\u0075b"')),
    ],
    MALFORMED: [
      await jwt(header.replace("{", '{"crit":[],'), body),
      await jwt(header.replace("{", '{"crit":null,'), body),
      await jwt(header.replace("EdDSA", "none"), body),
      await jwt(header.replace("statuslist+jwt", "JWT"), body),
      await jwt(header.replace("{", '{"alg":"EdDSA",'), body),
      await jwt(header.replace(/"kid":"[^"]*"/, '"kid":7'), body),
      await jwt(` ${header}`, body),
      await jwt(header, `[${body}]`),
      await jwt(`${header}x`, body),
      await jwt(`\u{feff}${header}`, body),
      await jwt(header, body.replace(`"iat":${iat}`, `"iat":${iat}.0`)),
      await jwt(header, body.replace(`"iat":${iat}`, `"iat":${iat}e0`)),
      await jwt(header, body.replace(`"iat":${iat}`, `"iat":"${iat}"`)),
      await jwt(header, body.replace(`"iat":${iat}`, '"iat":-0')),
      await jwt(header, body.replace(`"iat":${iat}`, '"iat":null')),
      await jwt(header, body.replace(`"iat":${iat}`, `"iat":${iat},"iat":${iat}`)),
      await jwt(header, body.replace('"bits":2', '"bits":256')),
      await jwt(header, body.replace('"bits":2', '"bits":3')),
      await jwt(header, body.replace('"bits":2', '"bits":2,"bits":2')),
      await jwt(header, body.replace('"lst":"', '"lst":"=')),
      await jwt(header, body.replace('"sub":"', '"sub":"\\ud800')),
      await jwt(header, "[".repeat(200_000)),
      await jwt(header, '"'),
      await jwt(header, ""),
      `${good}.`,
      `${good}=`,
      `${good.slice(0, -1)}${good.at(-1) === "w" ? "x" : "h"}`,
      good.replace(".", "..").replace("..", "."  + "\n"),
      "e",
      "e..",
      "",
    ],
    UNKNOWN_KEY: [
      await jwt(header.replace(/,?"kid":"[^"]*"/, ""), body),
      await jwt(header.replace(/"kid":"[^"]*"/, '"kid":null'), body),
      await jwt(header.replace(/"kid":"[^"]*"/, '"kid":"C7B9B30E"'), body),
      await jwt(header.replace("EdDSA", "ES256"), body),
    ],
    SIGNATURE_INVALID: [`${good.slice(0, -86)}${"A".repeat(86)}`],
  };
  for (const [expected, list] of Object.entries(cases)) {
    for (const [at, token] of list.entries()) {
      const came = await word(token);
      // Where a key of the name has another algorithm, it says so before anything is verified.
      same(came, expected, `JWT ${at}: ${token.slice(0, 120)}`);
    }
  }

  const cwt = unhex(offline.files["list-valid"]);
  const whole = hex(cwt);
  const [protectedHeader, claims] = parts(cwt);
  const kid = "44c7b9b30e";
  const typ = `10 ${hex(Uint8Array.of(0x78, 26))}${hex(ascii("application/statuslist+cwt"))}`;
  const signedCwt = (header, unprotected, payload) =>
    sealed(unhex(header), unhex(payload), ascii(""), sign, unprotected);
  const [h, p] = [hex(protectedHeader), hex(claims)];
  const more = (entries) => `a${(Number.parseInt(p[1], 16) + entries).toString(16)}${p.slice(2)}`;
  same(hex(await signedCwt(h, "a0", p)), whole, "the list as it was signed");
  const deep = `${"81".repeat(100_000)}00`;
  for (const [expected, what, token] of [
    ["OK", "kid beside the protected header", await signedCwt(`a2 01 27 ${typ}`, `a1 04 ${kid}`, p)],
    ["OK", "unknown headers and claims", await signedCwt(`a4 01 27 04 ${kid} ${typ} 1863 f6`, "a1 1864 82 01 a1 02 fb0000000000000000", `${more(3)} 1907d0 1bffffffffffffffff 1907d1 c1 f97e00 1907d2 a1 61 61 f4`)],
    ["OK", "a claim that nests deep", await signedCwt(h, "a0", `${more(1)} 1907d0 ${"81".repeat(900)}00`)],
    ["MALFORMED", "kid twice", await signedCwt(h, `a1 04 ${kid}`, p)],
    ["MALFORMED", "crit", await signedCwt(`a4 01 27 02 81 04 04 ${kid} ${typ}`, "a0", p)],
    ["MALFORMED", "alg beside the protected header", await signedCwt(`a2 04 ${kid} ${typ}`, "a1 01 27", p)],
    ["MALFORMED", "typ beside the protected header", await signedCwt(`a2 01 27 04 ${kid}`, `a1 ${typ}`, p)],
    ["MALFORMED", "a header twice", await signedCwt(`a4 01 27 01 27 04 ${kid} ${typ}`, "a0", p)],
    ["MALFORMED", "an unknown algorithm", await signedCwt(`a3 01 3822 04 ${kid} ${typ}`, "a0", p)],
    ["MALFORMED", "a claim twice", await signedCwt(h, "a0", `${more(1)} 06 00`)],
    ["MALFORMED", "a claim of indefinite length", await signedCwt(h, "a0", `${more(1)} 1907d0 9fff`)],
    ["MALFORMED", "a claim that is a break", await signedCwt(h, "a0", `${more(1)} 1907d0 ff`)],
    ["MALFORMED", "a claim of no known width", await signedCwt(h, "a0", `${more(1)} 1907d0 fc${"00".repeat(16)}`)],
    ["MALFORMED", "a claim of enormous length", await signedCwt(h, "a0", `${more(1)} 1907d0 bbffffffffffffffff`)],
    ["MALFORMED", "a claim with a name", await signedCwt(h, "a0", `${more(1)} 61 61 00`)],
    ["MALFORMED", "trailing bytes", await signedCwt(h, "a0", `${p}00`)],
    ["MALFORMED", "a map of very many", unhex(`d284 45bbffffffff ${"00".repeat(40)}`)],
    ["UNKNOWN_KEY", "a kid of five bytes", await signedCwt(`a3 01 27 04 45c7b9b30e00 ${typ}`, "a0", p)],
    ["UNKNOWN_KEY", "no kid", await signedCwt(`a2 01 27 ${typ}`, "a0", p)],
    ["UNKNOWN_KEY", "SM2", await signedCwt(`a3 01 3a00010001 04 ${kid} ${typ}`, "a0", p)],
    ["MALFORMED", "nests deep and ends", unhex(`d284 40 a1 05 ${deep.slice(0, -2)}`)],
  ]) {
    same(await word(token), expected, `CWT: ${what}`);
  }
  return `${Object.values(cases).flat().length} JWT, and CWT`;
}

/** The protected header and the payload of a tagged message with an empty unprotected map. */
function parts(message) {
  const string = (at) => {
    const small = message[at] & 31;
    const [begin, length] = small < 24 ? [at + 1, small] : small === 24 ? [at + 2, message[at + 1]] : [at + 3, (message[at + 1] << 8) | message[at + 2]];
    return [message.slice(begin, begin + length), begin + length];
  };
  const [header, end] = string(2);
  return [header, string(end + 1)[0]];
}
