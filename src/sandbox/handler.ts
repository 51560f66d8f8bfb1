import type { z } from "zod";
import type { Operation } from "../catalogue/operation.js";
import type { Account } from "./account.js";

type Answer = Readonly<Record<string, unknown>>;

/** The sandbox's implementation of one operation, after the signature and parameters were checked. */
export interface Handler {
  readonly operation: Operation;
  /** @throws {CloudError} with the documented code */
  handle(params: Readonly<Record<string, unknown>>, account: Account): Promise<Answer>;
}

/** Binds `handle` to its operation; the parameters are parsed by the catalogue. */
export function handler<Params extends z.AnyZodObject>(
  operation: Operation<Params>,
  handle: (params: z.output<Params>, account: Account) => Answer | Promise<Answer>,
): Handler {
  return {
    operation,
    handle: async (params, account) => handle(operation.params.parse(params), account),
  };
}

/** The same handler as a list that lags behind: it repeats its answer to the same call for `ms` milliseconds. */
export function lagging({ operation, handle }: Handler, ms: number): Handler {
  const last = new Map<string, { readonly at: Date; readonly answer: Answer }>();
  return {
    operation,
    handle: async (params, account) => {
      const key = JSON.stringify(params);
      const known = last.get(key);
      if (known !== undefined && account.clock.since(known.at) < ms) return known.answer;
      const answer = await handle(params, account);
      last.set(key, { at: account.clock.now(), answer });
      return answer;
    },
  };
}
