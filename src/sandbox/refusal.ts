const MAX_NAMED = 12;

/**
 * What was looked up. New users try their own names: the refusal says that it is the sandbox that lacks them, and what
 * it has instead.
 * @throws {CloudError} with this code if it does not exist here
 */
export function existing<Value>(
  value: Value | undefined,
  code: string,
  thing: string,
  available: Iterable<string> = [],
): Value {
  if (value !== undefined) return value;
  const known = [...available];
  const more = known.length > MAX_NAMED ? ", …" : "";
  const has = known.length === 0 ? "" : `; it has ${known.slice(0, MAX_NAMED).join(", ")}${more}`;
  throw new CloudError(code, `This sandbox has no ${thing}${has}.`);
}

/** A cloud's documented answer to a call that it refuses. */
export class CloudError extends Error {
  /** The vendor's own code, letter for letter. */
  readonly code: string;
  /** HTTP status if the code alone does not determine it. */
  readonly status: number | undefined;

  constructor(code: string, message: string, status?: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
