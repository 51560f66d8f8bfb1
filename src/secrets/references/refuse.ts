import type { SafeText } from "../../lib/safe-text.js";
import { ToolError } from "../../lib/tool-error.js";
import type { OtherFormat } from "./conversion.js";

/** The same failure, naming its parameter. */
export function atParameter(path: string, failure: ToolError): ToolError {
  const { happened } = failure.details;
  return new ToolError({ ...failure.details, happened: `${path}: ${happened}` }, { cause: failure });
}

/** Why a file's content does not serve, for those who say it in words of their own. */
export type ContentFault =
  | { readonly what: "encrypted" | "unfit key" | "wrong password" }
  /** The usual labels of what was found instead. */
  | { readonly what: "missing"; readonly found: readonly string[] }
  | { readonly what: "damaged"; readonly damage: SafeText }
  | { readonly what: "several keys"; readonly count: number }
  | { readonly what: "long chain"; readonly count: number; readonly most: number }
  | { readonly what: "other format"; readonly format: OtherFormat };

/** The content of a file, variable or text does not serve. Its texts are for the caller of a tool. */
export class UnfitContent extends ToolError {
  readonly fault: ContentFault;

  constructor(fault: ContentFault, happened: string, next: string) {
    super({ kind: "input", happened, changed: "no", next });
    this.fault = fault;
  }
}
