/** A row of the table: a call, and what preflight finds in it. */
export interface Row {
  readonly about: string;
  readonly operation: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly finds: readonly Expected[];
  /** Not sent past preflight: the reason. */
  readonly unsent?: string;
}

export interface Expected {
  readonly level: "error" | "warning";
  readonly parameter: string;
  readonly says: RegExp;
  readonly prevents?: string;
}

export function error(parameter: string, says: RegExp, prevents: string): Expected {
  return { level: "error", parameter, says, prevents };
}

export function warns(parameter: string, says: RegExp): Expected {
  return { level: "warning", parameter, says };
}

/** Puts rows together that differ in their parameters and findings. */
export function rowsOf(
  operation: string,
  rows: readonly (readonly [about: string, params: Row["params"], ...finds: Expected[]])[],
): Row[] {
  return rows.map(([about, params, ...finds]) => ({ about, operation, params, finds }));
}
