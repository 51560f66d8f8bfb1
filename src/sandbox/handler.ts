import type { z } from "zod";
import type { Operation } from "../catalogue/operation.js";
import type { Site } from "../catalogue/services.js";
import type { Account } from "./account.js";

/** Parameters of a call, or members of a reply, under the documented names. */
export type Members = Readonly<Record<string, unknown>>;

/** The sandbox's implementation of one operation, after the signature and parameters were checked. */
export interface Handler {
  readonly operation: Operation;
  /** @throws {CloudError} with the documented code */
  handle(params: Members, account: Account): Promise<Members>;
}

/** Binds `handle` to its operation; the parameters are parsed by the catalogue. */
export function handler<Params extends z.AnyZodObject>(
  operation: Operation<Params>,
  handle: (params: z.output<Params>, account: Account) => Members | Promise<Members>,
): Handler {
  return {
    operation,
    handle: async (params, account) => handle(operation.params.parse(params), account),
  };
}

/** The handler as a site has it: with the parameters that the site takes. Undefined if it has no such operation. */
export function onSite({ operation, handle }: Handler, site: Site): Handler | undefined {
  const { sites = [site], onlyMainland = [], params } = operation;
  if (!sites.includes(site)) return undefined;
  const unknown = site === "mainland" ? [] : onlyMainland;
  return {
    operation: { ...operation, params: params.omit(Object.fromEntries(unknown.map((name) => [name, true]))) },
    handle,
  };
}

/** The same handler as a list that lags behind: for `ms` milliseconds, the same call gets the same reply. */
export function lagging({ operation, handle }: Handler, ms: number): Handler {
  const last = new Map<string, { readonly at: Date; readonly reply: Members }>();
  return {
    operation,
    handle: async (params, account) => {
      const key = JSON.stringify(params);
      const known = last.get(key);
      if (known !== undefined && account.clock.since(known.at) < ms) return known.reply;
      const reply = await handle(params, account);
      last.set(key, { at: account.clock.now(), reply });
      return reply;
    },
  };
}
