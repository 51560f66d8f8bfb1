import type { z } from "zod";
import type { Operation } from "../catalogue/operation.js";
import type { Account } from "./account.js";

type Answer = Readonly<Record<string, unknown>>;

/** What the sandbox does for one operation, once signature and parameters have been checked. */
export interface Handler {
  readonly operation: Operation;
  /** @throws {CloudError} with the documented code */
  handle(params: Readonly<Record<string, unknown>>, account: Account): Promise<Answer>;
}

/** Binds `handle` to its operation; its parameters arrive parsed by the catalogue. */
export function handler<Params extends z.AnyZodObject>(
  operation: Operation<Params>,
  handle: (params: z.output<Params>, account: Account) => Answer | Promise<Answer>,
): Handler {
  return {
    operation,
    handle: async (params, account) => handle(operation.params.parse(params), account),
  };
}
