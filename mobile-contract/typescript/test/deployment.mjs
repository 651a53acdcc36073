// A deployment as an app meets it: its root, its keys, its bundles and its status lists, to be changed
// as a test wants it. The private keys are those of the vectors.

import { cbor, ed25519Pair, sealed, sha256, unhex, zlib } from "./check.mjs";

export const NOW = 1_800_000_000;
export const DAY = 86_400;
export const ISSUER = "https://zf.example.cn";
export const ascii = (text) => new TextEncoder().encode(text);

/** A key by the byte its seed repeats. */
export async function pair(byte) {
  const made = await ed25519Pair(byte.repeat(32));
  return { ...made, kid: (await sha256(made.publicKey)).slice(0, 8) };
}

/** A tagged message under a key's name. */
function signed(by, payload, domain) {
  return sealed(unhex(`a2 01 27 04 44${by.kid}`), payload, ascii(domain), by.sign);
}

export class Deployment {
  static async found() {
    const made = new Deployment();
    [made.root, made.bundle, made.status, made.issuer] = await Promise.all(["a0", "a1", "a2", "01"].map(pair));
    return made;
  }

  /** A key as the set of keys has it, in order: use, algorithm, bytes, first and last time. */
  key(use, { publicKey }, { from = NOW - 3_000 * DAY, to = NOW + 3_000 * DAY, since = [] } = {}) {
    return [use, -8, publicKey, from, to, ...since];
  }

  /** The keys, as the root signs them. */
  keys({ version = 1, issuer = ISSUER, issuedAt = NOW - DAY, by = this.root, records } = {}) {
    const all = records ?? [this.key(1, this.issuer), this.key(2, this.status), this.key(3, this.bundle)];
    const payload = new Map([[1, issuer], [2, version], [3, all], [6, issuedAt]]);
    return signed(by, unhex(cbor(payload)), "liangzheng/keys/1");
  }

  /** What a bundle says, under the numbers of the format. */
  async content(version, keys) {
    return new Map([
      [1, ISSUER],
      [2, version],
      [3, keys ?? (await this.keys())],
      [4, NOW + 6 * DAY],
      [6, NOW - 3_600],
      [7, 3 * DAY],
      [8, `${ISSUER}/status/`],
      [9, [3, 4]],
      [10, [[7, "兰州市公安局", "620102"], [1_204, "城关区市场监督管理局", "620102"]]],
      [11, [["01", "市场监管", "Market regulation"]]],
      [12, [[12, unhex("05".repeat(32))]]],
      [13, []],
    ]);
  }

  signBundle(content, by = this.bundle) {
    return signed(by, unhex(cbor(content)), "liangzheng/bundle/1");
  }

  /** A bundle that is signed as it should be, with its content changed. */
  async bundleOf(version, change = () => undefined, keys = undefined) {
    const content = await this.content(version, keys);
    change(content);
    return this.signBundle(content);
  }

  /** A status list: entries of two bits, all 0 but those given. */
  async list({ number = 3, issuedAt = NOW - 600, entries = [], size = 131_072, by = this.status, lasts = 5 * DAY, ttl = 900 } = {}) {
    const bytes = new Uint8Array(size / 4);
    for (const [index, value] of entries) bytes[index >> 2] |= value << (2 * (index & 3));
    const lst = await zlib(bytes);
    const claims = new Map([
      [2, `${ISSUER}/status/${number}`],
      [4, issuedAt + lasts],
      [6, issuedAt],
      [65_533, new Map([["lst", lst], ["bits", 2]])],
      ...(ttl === null ? [] : [[65_534, ttl]]),
    ]);
    const header = unhex(`a3 01 27 04 44${by.kid} 10 ${cbor("application/statuslist+cwt")}`);
    return sealed(header, unhex(cbor(claims)), unhex(""), by.sign);
  }

  /** A printed code. */
  async card({ list = 3, index = 88_213, from = NOW - 30 * DAY, to = NOW + 1_000 * DAY } = {}) {
    const facts = [1, unhex("9a6c66535170"), 1_204, 1, list, index];
    const payload = new Map([[2, "62000000017"], [4, to], [5, from], [-65_537, facts]]);
    return signed(this.issuer, unhex(cbor(payload)), "liangzheng/printed/1");
  }

  /** A phone's credential, bound to an Ed25519 key unless `key`, a `COSE_Key`, says otherwise. */
  async phone(device, { from = NOW - 3_600, to = NOW + 3_600, key } = {}) {
    const cnf = new Map([[1, key ?? new Map([[1, 1], [-1, 6], [-2, device.publicKey]])]]);
    const facts = [2, unhex("9a6c66535170"), 1_204, 1, 3, 88_213];
    const payload = new Map([[2, "62000000017"], [4, to], [5, from], [8, cnf], [-65_537, facts]]);
    return signed(this.issuer, unhex(cbor(payload)), "liangzheng/phone/1");
  }

  /** What a phone shows at a moment. */
  show(device, credential, issuedAt) {
    const payload = unhex(cbor([3, issuedAt, 0, credential]));
    return sealed(unhex("a1 01 27"), payload, ascii("liangzheng/show/1\0"), device.sign);
  }

  async pinned(lz, ...others) {
    const roots = [...others, this.root.publicKey];
    const keys = roots.map((bytes) => lz.PublicKey.fromBytes(lz.Algorithm.Ed25519, bytes));
    return { roots: await Promise.all(keys), issuer: ISSUER };
  }

  /** An app that begins with a bundle. */
  async app(lz, bundle, { floor = 0, now = NOW } = {}) {
    const begun = await lz.OfflineVerifier.create(await this.pinned(lz), bundle, floor, now);
    if (!begun.ok) throw new Error(begun.code);
    return begun.verifier;
  }
}
