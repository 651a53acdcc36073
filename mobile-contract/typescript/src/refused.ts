// How a refusal travels: inside as an exception, outside as a word.

/** What came of handing something in: taken, perhaps with what came of it, or the word for why not. */
export type Taken<Code extends string, Result = unknown> =
  | ({ readonly ok: true } & Result)
  | { readonly ok: false; readonly code: Code };

/** Thrown inside this module only: whatever is called from outside answers with the word. */
export class Refused<Code extends string> extends Error {
  readonly code: Code;

  constructor(code: Code) {
    super(code);
    this.code = code;
  }
}

/** What was read is not the deterministic CBOR, or not the JSON, that was asked for. */
export function malformed(): never {
  throw new Refused("MALFORMED");
}

/** The answer of `take`, or the word of its refusal. */
export async function taken<Code extends string, Result>(
  take: () => Promise<Result>,
): Promise<Taken<Code, Result>> {
  try {
    return { ok: true, ...(await take()) };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, code: error.code as Code };
    throw error;
  }
}
