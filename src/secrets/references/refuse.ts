import { ToolError } from "../../lib/tool-error.js";

/** A reference that the caller can correct. Neither text may hold anything of what was read. */
export function refused(happened: string, next: string): ToolError {
  return new ToolError({ kind: "input", happened, changed: "no", next });
}

/** The same failure, with the parameter that it is about. */
export function at(path: string, failure: ToolError): ToolError {
  const { happened } = failure.details;
  return new ToolError({ ...failure.details, happened: `${path}: ${happened}` }, { cause: failure });
}
