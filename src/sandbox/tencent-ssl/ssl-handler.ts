import type { z } from "zod";
import { altersAccount, type Operation } from "../../catalogue/operation.js";
import type { Account } from "../account.js";
import { type Handler, handler, type Members } from "../handler.js";
import { advance } from "./advance.js";
import type { LogType } from "./operation-log.js";

/** The parsed parameters of an operation. */
export type ParamsOf<Given extends { readonly params: z.ZodTypeAny }> = z.output<Given["params"]>;

/** The account's number, which is also the caller's: the sandbox has no sub-accounts. */
export const uin = "100000000001";

/** A handler that settles the account first; changes run one at a time. */
export function sslHandler<Params extends z.AnyZodObject>(
  operation: Operation<Params>,
  handle: (params: z.output<Params>, account: Account) => Members | Promise<Members>,
): Handler {
  return handler(operation, (params, account) => {
    const run = () => {
      advance(account);
      return handle(params, account);
    };
    return altersAccount(operation) ? account.ssl.inTurn(run) : run();
  });
}

/** Logs the caller's action in the account's log. */
export function logCall({ ssl, clock }: Account, type: LogType, certificateId: string): void {
  ssl.log.push({ type, certificateId, at: clock.now(), user: uin });
}
