// The payload of a bundle: a map with numbered entries in deterministic CBOR. A bundle of another
// make is another version of the format, with another domain; nothing unknown is passed over.

import { type Bytes, concat, copied, toHex, utf8 } from "./bytes.js";
import { Reader, write } from "./cbor.js";
import { CLOCK_TOLERANCE_SECONDS } from "./judge.js";
import { malformed } from "./refused.js";

// Labels, in the order of deterministic CBOR.
const ISSUER = 1;
const VERSION = 2;
const KEYS = 3;
const EXP = 4;
const IAT = 6;
const STALENESS = 7;
const LIST_BASE = 8;
const LISTS = 9;
const AGENCIES = 10;
const FIELDS = 11;
const CHECKPOINT = 12;
const GENUINE = 13;
const SKEW = 14;

/** Entries of a list that are read at most. */
export const MAX_ENTRIES = 65_536;

/** What an app must know of its deployment. Times are Unix seconds, spans are seconds. */
export interface Content {
  /** The deployment: its public address, `https://HOST`. */
  readonly issuer: string;
  /** Rises with every bundle. */
  readonly version: bigint;
  /** `iat`. */
  readonly issuedAt: number;
  /** `exp`, at most seven days later. */
  readonly expires: number;
  /** The keys, as a root signed them. */
  readonly signedKeys: Uint8Array;
  /** How old a status list may be at most. */
  readonly largestStaleness: number;
  /** How far a clock may lie behind what a server has signed and still be believed. */
  readonly clockSkew: number;
  /** What the address of a status list begins with; its number follows. */
  readonly listBase: string;
  /** The numbers of the lists to fetch, rising. */
  readonly lists: readonly number[];
  /** The agencies, by rising number. */
  readonly agencies: readonly Agency[];
  /** The fields of enforcement, by rising code. */
  readonly fields: readonly Field[];
  /** The newest checkpoint of the audit log, if there is one. */
  readonly checkpoint: Checkpoint | null;
  /** For each compromised key, what it is known to have signed for the issuer. */
  readonly genuine: readonly Genuine[];
}

/** An agency as a code's number names it. */
export interface Agency {
  /** Its number. */
  readonly number: number;
  /** Its name. */
  readonly name: string;
  /** The code of its division (GB/T 2260). */
  readonly division: string;
}

/** A field of enforcement. */
export interface Field {
  /** Its code. */
  readonly code: string;
  /** Its name in Chinese. */
  readonly zh: string;
  /** Its name in English. */
  readonly en: string;
}

/** A checkpoint of the audit log: kept by many, it cannot be taken back. */
export interface Checkpoint {
  /** Its number. */
  readonly number: bigint;
  /** Its hash, in hexadecimal. */
  readonly hash: string;
}

/**
 * The list of what a compromised key signed for the issuer: the ids of its credentials, sorted, one
 * after another. It is fetched only where there is one, and known by its hash.
 */
export interface Genuine {
  /** SHA-256 of the key's public bytes, in hexadecimal. */
  readonly key: string;
  /** SHA-256 of the list, in hexadecimal. */
  readonly list: string;
}

/** Reads a payload; tells too where in it the array of agencies begins and ends. */
export function readContent(payload: Bytes): { content: Content; agenciesAt: [number, number] } {
  const reader = new Reader(payload);
  const entries = reader.mapLength();
  const issuer = reader.at(ISSUER).text();
  const version = reader.at(VERSION).uint();
  const signedKeys = copied(reader.at(KEYS).bytes());
  const expires = reader.at(EXP).time();
  const issuedAt = reader.at(IAT).time();
  const largestStaleness = reader.at(STALENESS).time();
  const listBase = reader.at(LIST_BASE).text();
  const lists = reader.at(LISTS).list(MAX_ENTRIES, () => reader.u32());
  const begin = reader.at(AGENCIES).position;
  const agencies = reader.list(MAX_ENTRIES, readAgency);
  const end = reader.position;
  const fields = reader.at(FIELDS).list(MAX_ENTRIES, () => {
    reader.array(3);
    return { code: reader.text(), zh: reader.text(), en: reader.text() };
  });
  const [checkpoint = null] = reader.at(CHECKPOINT).list(1, () => {
    reader.array(2);
    return { number: reader.uint(), hash: toHex(reader.fixed(32)) };
  });
  const genuine = reader.at(GENUINE).list(MAX_ENTRIES, () => {
    reader.array(2);
    return { key: toHex(reader.fixed(32)), list: toHex(reader.fixed(32)) };
  });
  // It is told where it is another than the usual one: of one content there is one spelling.
  let clockSkew = CLOCK_TOLERANCE_SECONDS;
  if (entries === 13) {
    clockSkew = reader.at(SKEW).time();
    if (clockSkew === CLOCK_TOLERANCE_SECONDS) malformed();
  } else if (entries !== 12) malformed();
  reader.end();
  const rising =
    strictlyRising(lists) &&
    strictlyRising(agencies.map(({ number }) => number)) &&
    // By its UTF-8, which orders some characters otherwise than JavaScript's units do.
    strictlyRising(fields.map(({ code }) => toHex(utf8(code)))) &&
    strictlyRising(genuine.map(({ key }) => key));
  if (!rising) malformed();
  const content: Content = {
    issuer,
    version,
    issuedAt,
    expires,
    signedKeys,
    largestStaleness,
    clockSkew,
    listBase,
    lists,
    agencies,
    fields,
    checkpoint,
    genuine,
  };
  return { content, agenciesAt: [begin, end] };
}

export function readAgency(reader: Reader): Agency {
  reader.array(3);
  return { number: reader.u32(), name: reader.text(), division: reader.text() };
}

export function writeAgencies(agencies: readonly Agency[]): Bytes {
  const items = agencies.flatMap(({ number, name, division }) => [
    write.array(3),
    write.uint(number),
    write.text(name),
    write.text(division),
  ]);
  return concat([write.array(agencies.length), ...items]);
}

export function strictlyRising(items: readonly (number | string)[]): boolean {
  return items.every((item, at) => at === 0 || (items[at - 1] as typeof item) < item);
}
