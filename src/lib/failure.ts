/* What is known about anything that was thrown. */

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** With what caused it: the message of a failed `fetch` says nothing, and the system's code is in its cause. */
export function messageWithCauseOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined;
  const why = systemCodeOf(cause) ?? cause?.message;
  return why === undefined || why === "" ? messageOf(error) : `${messageOf(error)} (${why})`;
}

/** With the stack, for a log. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The code of a system error, such as `EACCES`. */
export function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** What is read; undefined if that throws, whatever the reason: it is malformed, not there, or not supported here. */
export function unlessThrown<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** What was wanted of a file or directory, or something instead if it is not there: below a file nothing is. */
export async function unlessMissing<Value, Instead>(
  wanted: Promise<Value>,
  instead: Instead,
): Promise<Value | Instead> {
  try {
    return await wanted;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCodeOf(error) ?? "")) return instead;
    throw error;
  }
}
