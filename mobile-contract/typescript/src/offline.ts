// The verifier of an app: a bundle, the status lists it has fetched, and the codes it has seen.
//
// What an app fetches it hands in; what is refused leaves the older good one in place. The app keeps
// the bundle's bytes, the lists and the floor between runs, and hands them in again by
// `OfflineVerifier.resume` and `takeKeptList`, also where they have ended meanwhile: it starts in a
// basement too, calls nobody valid there, and still knows a forgery.

import { Bundle, type BundleError } from "./bundle.js";
import { type Bytes, copied, sha256, toHex } from "./bytes.js";
import type { Credential } from "./credential.js";
import { acceptDelta } from "./delta.js";
import { judge, type Judgement, refused } from "./judge.js";
import type { KeySet } from "./keys.js";
import { open, type Opened } from "./open.js";
import { CHALLENGE_BYTES } from "./presentation.js";
import { Refused, type Taken, taken } from "./refused.js";
import type { Pinned } from "./signedKeys.js";
import { fromList, type StatusFact, UNKNOWN } from "./status.js";
import { entryOf, type ListClaims, type ListError, readList, verifyList } from "./statusList.js";
import type { Agency } from "./wire.js";

/** The shortest list of this profile, in entries: enough that one hides among many. */
const MIN_LIST_ENTRIES = 131_072;
/** How long a code that was seen is remembered, in seconds. */
const REPLAY_SECONDS = 120;
/** Codes that are remembered at most. */
const MAX_SEEN = 4_096;
/** The length of a credential's id, in bytes. */
const ID_BYTES = 16;

/**
 * Why a status list is not taken as current. The older one stays.
 *
 * - those of {@link ListError}: not a list, or not signed as it must be.
 * - `OTHER_ISSUER`: of another issuer, or none of the lists that the bundle names.
 * - `EXPIRED`: past its `exp`, or without one.
 * - `OLDER`: older than the one that is held.
 * - `TOO_SHORT`: too short for the indices that were handed out, or shorter than the one that is
 *   held.
 */
export type ListRefusal = ListError | "OTHER_ISSUER" | "EXPIRED" | "OLDER" | "TOO_SHORT";

/** The answer to a scan, with what it rests on. */
export interface Answer {
  /** The verdict with its reasons, and what the code says where it may be believed. */
  readonly judgement: Judgement;
  /** The holder's agency, where the bundle knows its number. */
  readonly agency: Agency | null;
  /** Seconds since the bundle was made. */
  readonly bundleAge: number;
  /** Whether the bundle has ended: nothing is called valid any more until a new one is there. */
  readonly bundleExpired: boolean;
}

/**
 * What an app verifies with.
 *
 * Nothing here asks for the time or opens a connection: the caller passes the time, in Unix seconds,
 * and hands in what it has fetched. Calls are answered in the order they were made. None rejects,
 * whatever was scanned or fetched; only a time that is not a finite number (`RangeError`) or a
 * challenge that is not 16 bytes (`TypeError`), mistakes of the caller, do.
 */
export class OfflineVerifier {
  readonly #pinned: Pinned;
  #bundle: Bundle;
  #floor: number;
  readonly #lists = new Map<number, ListClaims>();
  /** The same as they came, so that they can be verified again. */
  readonly #signed = new Map<number, Bytes>();
  /** What compromised keys are known to have signed, by the key's hash. */
  readonly #genuine = new Map<string, ReadonlySet<string>>();
  /** When a showing was seen, the earliest first. */
  readonly #seen = new Map<string, number>();
  #last: Promise<unknown> = Promise.resolve();

  private constructor(pinned: Pinned, bundle: Bundle, floor: number) {
    this.#pinned = pinned;
    this.#bundle = bundle;
    this.#floor = Math.max(floor, bundle.content.issuedAt);
  }

  /**
   * Begins with a bundle and the floor that was kept from the last run (Unix seconds; 0 at first).
   */
  static async create(
    pinned: Pinned,
    bundle: Uint8Array,
    floor: number,
    now: number,
  ): Promise<Taken<BundleError, { readonly verifier: OfflineVerifier }>> {
    const bytes = copied(bundle);
    const kept = seconds(floor);
    const at = Math.max(seconds(now), kept);
    return taken(async () => ({
      verifier: new OfflineVerifier(pinned, await Bundle.accept(bytes, pinned, at), kept),
    }));
  }

  /**
   * Begins with the bundle and the floor that were kept from the last run, whether or not the bundle
   * has ended meanwhile. A newer one follows it as always; an older one never does.
   */
  static async resume(
    pinned: Pinned,
    bundle: Uint8Array,
    floor: number,
  ): Promise<Taken<BundleError, { readonly verifier: OfflineVerifier }>> {
    const bytes = copied(bundle);
    const kept = seconds(floor);
    return taken(async () => ({
      verifier: new OfflineVerifier(pinned, await Bundle.kept(bytes, pinned), kept),
    }));
  }

  /** The newest time that a server has signed, to be kept: a clock behind it is not believed. */
  get floor(): number {
    return this.#floor;
  }

  /** The bundle that is held. */
  get bundle(): Bundle {
    return this.#bundle;
  }

  /** Takes a whole bundle, or says why the older one stays. */
  takeBundle(bundle: Uint8Array, now: number): Promise<Taken<BundleError>> {
    return this.#takeNext(bundle, now, (bytes, at) =>
      this.#bundle.acceptAfter(bytes, this.#pinned, at),
    );
  }

  /** Takes what changed since the bundle that is held, or says why that one stays. */
  takeDelta(delta: Uint8Array, now: number): Promise<Taken<BundleError>> {
    return this.#takeNext(delta, now, (bytes, at) =>
      acceptDelta(this.#bundle, bytes, this.#pinned, at),
    );
  }

  /** Takes a status list in either form; answers its number, or why the older one stays. */
  async takeList(
    list: Uint8Array,
    now: number,
  ): Promise<Taken<ListRefusal, { readonly number: number }>> {
    const bytes = copied(list);
    const at = seconds(now);
    return this.#inTurn(() => taken(async () => ({ number: await this.#list(bytes, at) })));
  }

  /**
   * Takes a status list that was taken in an earlier run and kept, whether or not it has ended
   * meanwhile: that somebody was revoked stays true. Answers as {@link takeList}.
   */
  async takeKeptList(
    list: Uint8Array,
  ): Promise<Taken<ListRefusal, { readonly number: number }>> {
    const bytes = copied(list);
    return this.#inTurn(() => taken(async () => ({ number: await this.#list(bytes, null) })));
  }

  /**
   * Takes the list of what a compromised key signed for the issuer; `UNKNOWN` where the bundle does
   * not name it.
   */
  async takeGenuine(list: Uint8Array): Promise<Taken<"UNKNOWN">> {
    const bytes = copied(list);
    return this.#inTurn(async () => {
      const hash = await sha256(bytes);
      const named = this.#bundle.content.genuine.some((genuine) => genuine.list === hash);
      if (!named || bytes.length % ID_BYTES !== 0) return { ok: false, code: "UNKNOWN" };
      const ids = new Set<string>();
      for (let at = 0; at < bytes.length; at += ID_BYTES) {
        ids.add(toHex(bytes.subarray(at, at + ID_BYTES)));
      }
      this.#genuine.set(hash, ids);
      return { ok: true };
    });
  }

  /**
   * Judges a code, a whole URL or its digits, at `now` (Unix seconds) by the device's clock.
   * `challenge` is the 16 bytes that this app has asked for, if any.
   */
  async scan(input: string, challenge: Uint8Array | null, now: number): Promise<Answer> {
    const asked = challenge && copied(challenge);
    if (asked && asked.length !== CHALLENGE_BYTES) {
      throw new TypeError(`a challenge has ${CHALLENGE_BYTES} bytes`);
    }
    const at = seconds(now);
    return this.#inTurn(() => this.#scan(input, asked, at));
  }

  /** One after another: what is read before something is awaited still holds after it. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #takeNext(
    next: Uint8Array,
    now: number,
    accept: (bytes: Bytes, now: number) => Promise<Bundle>,
  ): Promise<Taken<BundleError>> {
    const bytes = copied(next);
    const at = seconds(now);
    return this.#inTurn(() =>
      taken(async () => this.#follow(await accept(bytes, Math.max(at, this.#floor)))),
    );
  }

  async #follow(next: Bundle): Promise<void> {
    const { genuine, issuedAt, lists } = next.content;
    this.#floor = Math.max(this.#floor, issuedAt);
    for (const [number, signed] of [...this.#signed]) {
      // A list is worth no more than the key that signed it is now.
      const stays = lists.includes(number) && (await isGood(signed, next.keys));
      if (stays) continue;
      this.#lists.delete(number);
      this.#signed.delete(number);
    }
    for (const hash of this.#genuine.keys()) {
      if (!genuine.some(({ list }) => list === hash)) this.#genuine.delete(hash);
    }
    this.#bundle = next;
  }

  /** Takes a list, that must not have ended at a moment if there is one. */
  async #list(bytes: Bytes, now: number | null): Promise<number> {
    const { content, keys } = this.#bundle;
    const list = await verifyList(readList(bytes), keys);
    const number = listNumber(list.subject, content.listBase);
    if (number === null || !content.lists.includes(number)) throw new Refused("OTHER_ISSUER");
    if (list.issuer !== null && list.issuer !== content.issuer) throw new Refused("OTHER_ISSUER");
    const ended = (at: number) => now !== null && Math.max(now, this.#floor) >= at;
    if (list.expires === null || ended(list.expires)) throw new Refused("EXPIRED");
    const held = this.#lists.get(number);
    if (held && list.issuedAt < held.issuedAt) throw new Refused("OLDER");
    const shrinks = held !== undefined && list.list.length < held.list.length;
    if (shrinks || list.list.get(MIN_LIST_ENTRIES - 1) === null) throw new Refused("TOO_SHORT");
    this.#floor = Math.max(this.#floor, list.issuedAt);
    this.#lists.set(number, list);
    this.#signed.set(number, bytes);
    return number;
  }

  #isGenuine(opened: Opened): boolean {
    const { genuine } = this.#bundle.content;
    const named = genuine.find(({ key }) => key === opened.key.publicKey.hash);
    return (named && this.#genuine.get(named.list)?.has(opened.id)) ?? false;
  }

  async #scan(input: string, challenge: Bytes | null, now: number): Promise<Answer> {
    const bundle = this.#bundle;
    const bundleAge = now - bundle.content.issuedAt;
    const bundleExpired = bundle.hasEnded(Math.max(now, this.#floor));
    const result = await open(input, bundle.keys, challenge);
    let judgement: Judgement;
    if ("refusal" in result) {
      judgement = refused(result.refusal);
    } else {
      const { opened } = result;
      judgement = judge(opened, {
        moment: { now, floor: { at: this.#floor, tolerance: bundle.content.clockSkew } },
        status: this.#status(opened.credential, now, bundleExpired),
        knownGenuine: this.#isGenuine(opened),
        replayed: this.#isRepeated(opened, now),
        challenged: challenge !== null,
      });
    }
    const { credential } = judgement;
    const agency = credential && bundle.agency(credential.agency);
    return { judgement, agency, bundleAge, bundleExpired };
  }

  #status(credential: Credential, now: number, bundleExpired: boolean): StatusFact {
    const list = this.#lists.get(credential.statusList);
    const entry = list ? entryOf(list, credential.statusIndex) : null;
    if (!entry) return UNKNOWN;
    // A clock that was set back makes no list younger.
    const at = Math.max(now, this.#floor);
    const fact = fromList(entry, this.#bundle.content.largestStaleness, at);
    // With an ended bundle nobody knows whether the key is still good. That somebody was revoked
    // stays true; that somebody is valid does not.
    return bundleExpired && fact.status !== "INVALID" ? UNKNOWN : fact;
  }

  /**
   * Whether a phone's code was seen shortly before; remembers it. A printed code may be read as
   * often as one likes.
   */
  #isRepeated({ id, shown }: Opened, now: number): boolean {
    if (shown.how !== "BY_PHONE") return false;
    const challenge = shown.challenge ? toHex(shown.challenge) : "";
    const showing = `${id} ${shown.issuedAt} ${challenge}`;
    for (const [other, at] of this.#seen) {
      if (Math.abs(now - at) > REPLAY_SECONDS) this.#seen.delete(other);
    }
    if (this.#seen.has(showing)) return true;
    if (this.#seen.size >= MAX_SEEN) {
      for (const earliest of this.#seen.keys()) {
        this.#seen.delete(earliest);
        break;
      }
    }
    this.#seen.set(showing, now);
    return false;
  }
}

/** Whole Unix seconds. What is no time must not compare as one: every comparison would be false. */
function seconds(time: number): number {
  if (!Number.isFinite(time)) throw new RangeError("a time is a finite number of Unix seconds");
  return Math.floor(time);
}

/** A list's number as its address ends with it: digits without a leading zero. */
function listNumber(subject: string, base: string): number | null {
  if (!subject.startsWith(base)) return null;
  const text = subject.slice(base.length);
  const number = Number(text);
  return /^\d{1,10}$/.test(text) && String(number) === text && number < 2 ** 32 ? number : null;
}

/** Whether a list is still signed as it must be. */
async function isGood(signed: Bytes, keys: KeySet): Promise<boolean> {
  try {
    await verifyList(readList(signed), keys);
    return true;
  } catch {
    return false;
  }
}
