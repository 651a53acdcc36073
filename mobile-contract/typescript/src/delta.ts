// A delta: what changed between two bundles, and the signature of the newer. It holds everything but
// the agencies as it is now, and of the agencies those that changed. It needs no signature of its
// own: put together wrongly, the newer bundle's does not verify.

import { type Bundle, MAX_BUNDLE_BYTES } from "./bundle.js";
import { type Bytes, concat, sha256, toHex } from "./bytes.js";
import { Reader } from "./cbor.js";
import { seal } from "./cose.js";
import { SIGNATURE_BYTES } from "./keys.js";
import { malformed, Refused } from "./refused.js";
import type { Pinned } from "./signedKeys.js";
import { MAX_ENTRIES, readAgency, readContent, strictlyRising, writeAgencies } from "./wire.js";

// Labels, in the order of deterministic CBOR.
const BASE = 1;
const WHOLE = 2;
const PROTECTED = 3;
const REST = 4;
const CHANGED = 5;
const REMOVED = 6;
const SIGNATURE = 7;

/** Puts a delta and the bundle it starts from together, and accepts what comes of it. */
export async function acceptDelta(
  base: Bundle,
  bytes: Bytes,
  pinned: Pinned,
  now: number,
): Promise<Bundle> {
  if (bytes.length > MAX_BUNDLE_BYTES) malformed();
  const delta = readDelta(bytes);
  if (delta.base !== base.hash) throw new Refused("OTHER_BASE");
  const gone = new Set([...delta.changed.map(({ number }) => number), ...delta.removed]);
  const agencies = base.content.agencies
    .filter(({ number }) => !gone.has(number))
    .concat(delta.changed)
    .sort((a, b) => a.number - b.number);
  // The rest has one spelling only, so the agencies may be put where its empty array stands.
  const [begin, end] = delta.agenciesAt;
  const { rest } = delta;
  const payload = concat([rest.subarray(0, begin), writeAgencies(agencies), rest.subarray(end)]);
  const whole = seal(delta.header, payload, delta.signature);
  if ((await sha256(whole)) !== delta.whole) malformed();
  return base.acceptAfter(whole, pinned, now);
}

function readDelta(bytes: Bytes) {
  const reader = new Reader(bytes);
  reader.map(7);
  const base = toHex(reader.at(BASE).fixed(32));
  const whole = toHex(reader.at(WHOLE).fixed(32));
  const header = reader.at(PROTECTED).bytes();
  const rest = reader.at(REST).bytes();
  const { content, agenciesAt } = readContent(rest);
  const changed = reader.at(CHANGED).list(MAX_ENTRIES, readAgency);
  const removed = reader.at(REMOVED).list(MAX_ENTRIES, () => reader.u32());
  const signature = reader.at(SIGNATURE).fixed(SIGNATURE_BYTES);
  reader.end();
  const sound =
    content.agencies.length === 0 &&
    strictlyRising(changed.map(({ number }) => number)) &&
    strictlyRising(removed);
  if (!sound) malformed();
  return { base, whole, header, rest, agenciesAt, changed, removed, signature };
}
