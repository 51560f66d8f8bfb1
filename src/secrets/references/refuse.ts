import { ToolError } from "../../lib/tool-error.js";

/** An error in a reference that the caller can correct. Neither text may quote what was read. */
export function refused(happened: string, next: string): ToolError {
  return new ToolError({ kind: "input", happened, changed: "no", next });
}

/** The same failure, naming its parameter. */
export function at(path: string, failure: ToolError): ToolError {
  const { happened } = failure.details;
  return new ToolError({ ...failure.details, happened: `${path}: ${happened}` }, { cause: failure });
}
