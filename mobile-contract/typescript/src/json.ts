// JSON (RFC 8259) as a signed token needs it: a name that stands twice is refused, and a whole number
// is told from a fraction, neither of which `JSON.parse` does.

import { type Bytes, fromUtf8 } from "./bytes.js";
import { isWellFormed } from "./name.js";
import { malformed } from "./refused.js";

/** The members of an object that are asked for, each as it is written. */
export type Members<Name extends string> = Partial<Record<Name, string>>;

/** The text of UTF-8. */
export function textOf(bytes: Bytes): string {
  try {
    return fromUtf8(bytes);
  } catch {
    return malformed();
  }
}

/** Reads an object, of whose members only those named are looked at. */
export function members<Name extends string>(text: string, ...names: Name[]): Members<Name> {
  parsed(text);
  const found: Members<Name> = {};
  // From here on the text is known to be JSON, so that the ends of things are easy to find.
  let at = text.search(/[^ \t\n\r]/);
  if (text[at] !== "{") malformed();
  for (at = text.indexOf('"', at); at >= 0 && at < text.length; ) {
    const keyEnd = endOfString(text, at);
    const key = parsed(text.slice(at, keyEnd));
    const begin = text.indexOf(":", keyEnd) + 1;
    const end = endOfValue(text, begin);
    const name = names.find((name) => name === key);
    if (name !== undefined) {
      if (found[name] !== undefined) malformed();
      found[name] = text.slice(begin, end).trim();
    }
    at = text[end] === "," ? text.indexOf('"', end) : -1;
  }
  return found;
}

/** A text. */
export function string(source: string | undefined): string {
  const value = source === undefined ? undefined : parsed(source);
  return typeof value === "string" && isWellFormed(value) ? value : malformed();
}

/** A whole number that a number holds exactly, written without a fraction or an exponent. */
export function integer(source: string | undefined): number {
  if (source === undefined || source === "-0" || !/^-?\d+$/.test(source)) return malformed();
  const value = Number(source);
  return Number.isSafeInteger(value) ? value : malformed();
}

/** What may be missing, or null. */
export function optional<T>(
  source: string | undefined,
  read: (source: string) => T,
): T | null {
  return source === undefined || source === "null" ? null : read(source);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return malformed();
  }
}

/** Where the string that begins at `at` ends. */
function endOfString(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text[before - 1] === "\\") before -= 1;
    if ((end - before) % 2 === 0) return end + 1;
  }
}

/** Where the value of a member ends: at the comma after it, or the object's own end. */
function endOfValue(text: string, begin: number): number {
  let depth = 0;
  for (let at = begin; ; at += 1) {
    const c = text[at];
    if (c === '"') at = endOfString(text, at) - 1;
    else if (c === "{" || c === "[") depth += 1;
    else if (depth === 0 && (c === "," || c === "}")) return at;
    else if (c === "}" || c === "]") depth -= 1;
  }
}
