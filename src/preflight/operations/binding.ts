import type { z } from "zod";
import type { Operation } from "../../catalogue/operation.js";
import type { Finding } from "../finding.js";

/** The checks of one operation. */
export interface OperationCheck {
  readonly operation: Operation;
  check(params: Readonly<Record<string, unknown>>, now: Date): readonly Finding[];
}

/** Binds checks to their operation, so that they get its parameter types. */
export function checksOf<Params extends z.AnyZodObject>(
  operation: Operation<Params>,
  ...checks: readonly ((params: z.output<Params>, now: Date) => readonly Finding[])[]
): OperationCheck {
  return {
    operation,
    check: (params, now) => {
      const typed = operation.params.parse(params);
      return checks.flatMap((check) => check(typed, now));
    },
  };
}
