// One spelling only: every other way to write the same credential is refused, though its signature is
// good. And what is not a code, a list or a time is refused as what it is.

import { bstr, bytesOf, cbor, digitsOf, ed25519Signer, es256Signer, hex, holds, same, sealed, unhex } from "./check.mjs";
import { ascii, NOW } from "./deployment.mjs";
import { begin, handIn } from "./vectors.mjs";

// The payload of a printed credential, in pieces to be varied.
const NUMBER = "02 6b3632303030303030303137";
const EXP = "04 1a70000000";
const NBF = "05 1a60000000";
const FACTS = "3a00010000 86 01 46 9a6c66535170 1904b4 01 03 1a00015895";

const payload = (head, ...entries) => unhex(head + entries.join(""));
const facts = (text) => payload("a4", NUMBER, EXP, NBF, "3a00010000", text);
const sound = payload("a4", NUMBER, EXP, NBF, FACTS);

const PAYLOADS = {
  empty: unhex(""),
  "not a map": unhex("80"),
  "number longer than needed": payload("a4", "02 780b3632303030303030303137", EXP, NBF, FACTS),
  "number indefinite": payload("a4", "02 7f6b3632303030303030303137ff", EXP, NBF, FACTS),
  "number as bytes": payload("a4", "02 4b3632303030303030303137", EXP, NBF, FACTS),
  "number empty": payload("a4", "02 60", EXP, NBF, FACTS),
  "number not UTF-8": payload("a4", "02 61ff", EXP, NBF, FACTS),
  "number half a pair in UTF-8": payload("a4", "02 63eda080", EXP, NBF, FACTS),
  "number beyond the end": payload("a4", EXP, NBF, FACTS, "02 7818"),
  "number of an enormous length": payload("a4", "02 7bffffffffffffffff", EXP, NBF, FACTS),
  "exp longer than needed": payload("a4", NUMBER, "04 1b0000000070000000", NBF, FACTS),
  "exp negative": payload("a4", NUMBER, "04 3a70000000", NBF, FACTS),
  "exp a float": payload("a4", NUMBER, "04 fb41dc000000000000", NBF, FACTS),
  "exp a tagged time": payload("a4", NUMBER, "04 c11a70000000", NBF, FACTS),
  "exp beyond 63 bits": payload("a4", NUMBER, "04 1bffffffffffffffff", NBF, FACTS),
  "exp beyond 53 bits": payload("a4", NUMBER, "04 1b0020000000000000", NBF, FACTS),
  "exp not after nbf": payload("a4", NUMBER, "04 1a60000000", NBF, FACTS),
  "key longer than needed": payload("a4", NUMBER, "1804 1a70000000", NBF, FACTS),
  "keys in another order": payload("a4", NUMBER, NBF, EXP, FACTS),
  "facts first": payload("a4", FACTS, NUMBER, EXP, NBF),
  "a key twice": payload("a5", NUMBER, EXP, EXP, NBF, FACTS),
  "a key twice, at the end": payload("a5", NUMBER, EXP, NBF, FACTS, FACTS),
  "an unknown key": payload("a5", "01 00", NUMBER, EXP, NBF, FACTS),
  "an unknown key for cnf": payload("a5", NUMBER, EXP, NBF, "06 00", FACTS),
  "a missing key": payload("a3", NUMBER, NBF, FACTS),
  "map indefinite": payload("bf", NUMBER, EXP, NBF, FACTS, "ff"),
  "map head longer than needed": payload("b804", NUMBER, EXP, NBF, FACTS),
  "trailing bytes": payload("a4", NUMBER, EXP, NBF, FACTS, "00"),
  "cut short": sound.slice(0, -1),
  "a null for facts": payload("a4", NUMBER, EXP, NBF, "3a00010000 f6"),
  "too few facts": facts("85 01 46 9a6c66535170 1904b4 01 03"),
  "too many facts": facts("88 01 46 9a6c66535170 1904b4 01 03 1a00015895 f5 f5"),
  "cut said to be false": facts("87 01 46 9a6c66535170 1904b4 01 03 1a00015895 f4"),
  "cut said with a number": facts("87 01 46 9a6c66535170 1904b4 01 03 1a00015895 01"),
  "cut in a longer way": facts("87 01 46 9a6c66535170 1904b4 01 03 1a00015895 f815"),
  "an unknown profile": facts("86 04 46 9a6c66535170 1904b4 01 03 1a00015895"),
  "a phone's profile": facts("86 02 46 9a6c66535170 1904b4 01 03 1a00015895"),
  "a presentation's profile": facts("86 03 46 9a6c66535170 1904b4 01 03 1a00015895"),
  "a negative profile": facts("86 20 46 9a6c66535170 1904b4 01 03 1a00015895"),
  "name odd": facts("86 01 45 9a6c665351 1904b4 01 03 1a00015895"),
  "name as text": facts("86 01 66 e9a9ace69993 1904b4 01 03 1a00015895"),
  "name half a pair": facts("86 01 42 d842 1904b4 01 03 1a00015895"),
  "name a pair the wrong way round": facts("86 01 44 dfb7d842 1904b4 01 03 1a00015895"),
  "name not NFC": facts("86 01 44 00650301 1904b4 01 03 1a00015895"),
  "name too long": facts(`86 01 5820 ${"6c49".repeat(16)} 1904b4 01 03 1a00015895`),
  "agency longer than needed": facts("86 01 46 9a6c66535170 1a000004b4 01 03 1a00015895"),
  "agency negative": facts("86 01 46 9a6c66535170 3904b4 01 03 1a00015895"),
  "index beyond 32 bits": facts("86 01 46 9a6c66535170 1904b4 01 03 1b0000000100000000"),
  "facts indefinite": facts("9f 01 46 9a6c66535170 1904b4 01 03 1a00015895 ff"),
};

const HEADERS = {
  empty: () => "",
  "an empty map": () => "a0",
  "no algorithm": (kid) => `a1 04 44${kid}`,
  "no kid, as a presentation": () => "a1 01 27",
  crit: (kid) => `a3 01 27 02 81 04 04 44${kid}`,
  "crit instead of kid": () => "a2 01 27 02 81 01",
  "a content type": (kid) => `a3 01 27 03 00 04 44${kid}`,
  typ: (kid) => `a3 01 27 04 44${kid} 10 60`,
  "another order": (kid) => `a2 04 44${kid} 01 27`,
  "the algorithm twice": (kid) => `a3 01 27 01 27 04 44${kid}`,
  "algorithm longer than needed": (kid) => `a2 01 3807 04 44${kid}`,
  "algorithm as text": (kid) => `a2 01 65 4564445341 04 44${kid}`,
  "algorithm beyond 63 bits": (kid) => `a2 01 3bffffffffffffffff 04 44${kid}`,
  "kid of three bytes": (kid) => `a2 01 27 04 43${kid.slice(2)}`,
  "kid of five bytes": (kid) => `a2 01 27 04 45${kid}00`,
  "kid as text": () => "a2 01 27 04 64 61626364",
  "trailing bytes": (kid) => `a2 01 27 04 44${kid}00`,
  indefinite: (kid) => `bf 01 27 04 44${kid} ff`,
};

/** What is needed to make codes: the keys of the vectors, and an app that holds a fresh list. */
export async function workshop(lz, { offline, credential }) {
  const app = await begin(lz, offline, offline.scenarios[0]);
  same(await handIn(app, "list", unhex(offline.files["list-valid"]), NOW), "OK", "the list");
  const verdict = async (code) => {
    const text = typeof code === "string" ? code : digitsOf(code);
    return (await app.scan(text, null, NOW)).judgement.verdict;
  };
  const [ed25519] = credential.issuers;
  const bare = credential.vectors.find(({ what }) => what === "phone, without its presentation");
  const card = credential.vectors.find(({ what }) => what === "printed, Ed25519");
  return {
    app,
    verdict,
    kid: ed25519.kid,
    header: unhex(`a2 01 27 04 44${ed25519.kid}`),
    issuer: await ed25519Signer(ed25519.private),
    phone: await es256Signer(credential.phone.private, credential.phone.public),
    bare: bytesOf(bare.digits),
    card: bytesOf(card.digits),
  };
}

export async function spellings(lz, data) {
  const { app, verdict, kid, header, issuer } = await workshop(lz, data);
  const printed = (protectedHeader, payload) => sealed(protectedHeader, payload, ascii("liangzheng/printed/1"), issuer);
  same(await verdict(await printed(header, sound)), "VALID", "the one spelling");
  const large = facts("86 01 40 1affffffff 1affffffff 1affffffff 1affffffff");
  same(await verdict(await printed(header, large)), "STATUS_UNKNOWN", "beyond an issuer's maxima");
  // A byte order mark is a character of the number like any other.
  const marked = payload("a4", "02 64efbbbf31", EXP, NBF, FACTS);
  const { judgement } = await app.scan(digitsOf(await printed(header, marked)), null, NOW);
  same([judgement.verdict, judgement.credential.certificateNumber], ["VALID", "\u{feff}1"], "a byte order mark");
  const empty = facts("86 01 40 1904b4 01 03 1a00015895");
  same(await verdict(await printed(header, empty)), "VALID", "an empty name");

  // As long as digits go, and a byte longer, which no phone and no issuer makes.
  const numbered = (length) =>
    printed(header, payload("a4", `02 ${cbor("7".repeat(length))}`, EXP, NBF, FACTS));
  const longest = await numbered(211);
  same(digitsOf(longest).length, 800, "the most digits");
  same(await verdict(longest), "VALID", "the most digits");
  same(await verdict(await numbered(212)), "UNREADABLE", "more digits");

  let refused = 0;
  const unreadable = async (what, code) => {
    same(await verdict(code), "UNREADABLE", what);
    refused += 1;
  };
  for (const [what, payload] of Object.entries(PAYLOADS)) {
    await unreadable(`payload: ${what}`, await printed(header, payload));
  }
  for (const [what, make] of Object.entries(HEADERS)) {
    await unreadable(`header: ${what}`, await printed(unhex(make(kid)), sound));
  }
  // An algorithm that nobody here knows: of a key of ours it cannot be, of another's it may.
  for (const algorithm of ["3822", "3a00010001", "3b7fffffffffffffff", "1b7fffffffffffffff"]) {
    const ours = await printed(unhex(`a2 01 ${algorithm} 04 44${kid}`), sound);
    same(await verdict(ours), "SIGNATURE_INVALID", `algorithm ${algorithm}`);
    const other = await printed(unhex(`a2 01 ${algorithm} 04 4400000000`), sound);
    same(await verdict(other), "UNKNOWN_ISSUER", `algorithm ${algorithm} of another`);
  }

  // The signature covers the contents only: in every one of these it stays good.
  const code = await printed(header, sound);
  const end = 15 + sound.length;
  const replace = (at, length, by) =>
    unhex(hex(code.slice(0, at)) + by + hex(code.slice(at + length)));
  for (const [what, changed] of Object.entries({
    "no tag": replace(0, 1, ""),
    "another tag": replace(0, 1, "d1"),
    "tag longer than needed": replace(0, 1, "d812"),
    "tag twice": replace(0, 1, "d2d2"),
    "a CWT tag around": replace(0, 0, "d83d"),
    "five items": replace(1, 1, "85"),
    "three items": replace(1, 1, "83"),
    "array longer than needed": replace(1, 1, "9804"),
    "array indefinite": unhex(`${hex(replace(1, 1, "9f"))}ff`),
    "header longer than needed": replace(2, 1, "5809"),
    "an unprotected kid": replace(12, 1, "a1044100"),
    "an unprotected unknown": replace(12, 1, "a1182000"),
    "unprotected indefinite": replace(12, 1, "bfff"),
    "unprotected no map": replace(12, 1, "80"),
    "payload longer than needed": replace(13, 1, "5900"),
    "payload detached": replace(13, 2 + sound.length, "f6"),
    "signature longer than needed": replace(end, 1, "5900"),
    "signature of 63 bytes": replace(end, 3, "583f"),
    "signature of 65 bytes": replace(end, 2, "584100"),
    "trailing bytes": replace(code.length, 0, "00"),
    twice: replace(code.length, 0, hex(code)),
    "cut short": code.slice(0, -1),
  })) {
    await unreadable(`envelope: ${what}`, changed);
  }
  return `${refused} refused`;
}

/** A presentation by the phone of the vectors. */
function shown(phone, credential, { header = "a1 01 26", begin = `84 03 1a${NOW.toString(16)} 00`, end = "" } = {}) {
  return sealed(unhex(header), unhex(`${begin} ${bstr(credential)} ${end}`), ascii("liangzheng/show/1\0"), phone);
}

export async function presentations(lz, data) {
  const { verdict, phone, bare, card, issuer, header } = await workshop(lz, data);
  const now = `1a${NOW.toString(16)}`;
  same(await verdict(await shown(phone, bare)), "VALID", "a phone");
  // Both splices: neither half serves as the other.
  same(await verdict(await shown(phone, card)), "UNREADABLE", "a printed credential inside a presentation");
  same(await verdict(bare), "PRESENTATION_MISSING", "a phone credential without its presentation");
  // Nor does a credential of one profile that was signed as the other.
  const asPhone = await sealed(header, sound, ascii("liangzheng/phone/1"), issuer);
  same(await verdict(asPhone), "SIGNATURE_INVALID", "a printed credential signed as a phone's");

  for (const [what, code] of Object.entries({
    "another number": await shown(phone, bare, { begin: `84 02 ${now} 00` }),
    "iat longer than needed": await shown(phone, bare, { begin: `84 03 1b00000000${now.slice(2)} 00` }),
    "iat negative": await shown(phone, bare, { begin: "84 03 20 00" }),
    "iat beyond 53 bits": await shown(phone, bare, { begin: "84 03 1b0020000000000000 00" }),
    "challenged neither way": await shown(phone, bare, { begin: `84 03 ${now} 02` }),
    "challenged a boolean": await shown(phone, bare, { begin: `84 03 ${now} f4` }),
    "an item more": await shown(phone, bare, { begin: `85 03 ${now} 00`, end: "00" }),
    "an item less": await shown(phone, bare, { begin: `83 03 ${now}` }),
    "trailing bytes": await shown(phone, bare, { end: "00" }),
    "a credential cut short": await shown(phone, bare.slice(0, -1)),
    "no tag inside": await shown(phone, bare.slice(1)),
    "itself inside": await shown(phone, await shown(phone, unhex(""))),
    "a header of fewer entries than it says": await shown(phone, bare, { header: "a3 01 26" }),
    "a header of more entries than it says": await shown(phone, bare, { header: "a0 01 26" }),
    "with a kid": await shown(phone, bare, { header: "a2 01 26 04 4400000000" }),
  })) {
    same(await verdict(code), "UNREADABLE", what);
  }
  const otherAlgorithm = await shown(phone, bare, { header: "a1 01 27" });
  same(await verdict(otherAlgorithm), "SIGNATURE_INVALID", "another algorithm than the phone's key");
  return "both splices and other presentations refused";
}

/** Whatever a scanner or a caller may hand in. */
export async function inputs(lz, data) {
  const { app, verdict, card } = await workshop(lz, data);
  const code = digitsOf(card);
  const none = [
    "", " ", "0", "1", "证件", `0${code}`, `${code} `, `${code}\n`, `+${code}`, `${code}n`, `0x${code}`, "1e400",
    "9".repeat(800), "9".repeat(801), "9".repeat(10_000_000), "https://zf.example.cn/",
    `https://zf.example.cn/V/${code}`, code.replace("1", "١"), `/v/${code}/v/`, `/v//v/${code}`,
    `https://zf.example.cn/v/${code}/`, `/v/${code}?${"x".repeat(2_048)}`, `/v/${code}?${"证".repeat(600)}`,
    "\u{d800}", `\u{d800}/v/`,
  ];
  for (const input of none) same(await verdict(input), "UNREADABLE", input.slice(0, 60));
  for (const input of [undefined, null, 7, 7n, {}, [], [code], new String(code), Symbol("x"), () => code]) {
    const { judgement } = await app.scan(input, null, NOW);
    same(judgement.verdict, "UNREADABLE", String(typeof input));
  }
  for (const input of [code, `/v/${code}`, `HTTPS://EVIL.EXAMPLE:8080/v/${code}?from=timeline#top`, `证/v/${code}#?`]) {
    same(await verdict(input), "VALID", input.slice(0, 40));
  }
  // A time that is none would make every comparison false.
  for (const now of [Number.NaN, Number.POSITIVE_INFINITY, undefined, "1800000000"]) {
    const error = await app.scan(code, null, now).catch((error) => error);
    holds(error instanceof RangeError, `a time of ${now}`);
  }
  same((await app.scan(code, null, NOW + 0.999)).judgement.statusAge, 600, "part of a second");
  const error = await app.scan(code, new Uint8Array(15), NOW).catch((error) => error);
  holds(error instanceof TypeError, "a challenge of 15 bytes");
  // What the caller does with its bytes afterwards changes nothing.
  const { offline } = data;
  const bundle = unhex(offline.files["bundle-6"]);
  const taking = app.takeBundle(bundle, NOW);
  bundle.fill(0);
  same(await taking, { ok: true }, "a bundle that is overwritten meanwhile");
  // Two at once are taken one after the other, and the older does not come out on top.
  const other = await begin(lz, offline, offline.scenarios[0]);
  const both = await Promise.all(
    ["bundle-6", "bundle-5"].map((name) => other.takeBundle(unhex(offline.files[name]), NOW)),
  );
  same(both, [{ ok: true }, { ok: false, code: "ROLLBACK" }], "two bundles at once");
  same(other.bundle.content.version, 6n, "the newer of two bundles");
  return `${none.length} inputs and other values unreadable`;
}
