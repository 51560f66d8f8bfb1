/** Most things that are named in a refusal. */
const MOST_NAMED = 12;

/**
 * What is named does not exist here. A newcomer tries his own names: he is told that it is the sandbox that lacks them, and
 * what it has.
 */
export function absent(code: string, thing: string, there: Iterable<string> = []): CloudError {
  const known = [...there];
  const more = known.length > MOST_NAMED ? ", …" : "";
  const has = known.length === 0 ? "" : `; it has ${known.slice(0, MOST_NAMED).join(", ")}${more}`;
  return new CloudError(code, `This sandbox has no ${thing}${has}.`);
}

/** A cloud's documented answer to a call that it does not carry out. */
export class CloudError extends Error {
  /** The vendor's own code, letter for letter. */
  readonly code: string;
  /** HTTP status where the code alone does not settle it. */
  readonly status: number | undefined;

  constructor(code: string, message: string, status?: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
