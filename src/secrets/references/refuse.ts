import { Failure } from "../../failure.js";

/** A reference that the caller can correct. Neither text may hold anything of what was read. */
export function refused(happened: string, next: string): Failure {
  return new Failure({ kind: "input", happened, changed: "no", next });
}

/** The same failure, with the parameter that it is about. */
export function at(path: string, failure: Failure): Failure {
  const { happened } = failure.facts;
  return new Failure({ ...failure.facts, happened: `${path}: ${happened}` }, { cause: failure });
}
