import { isOffered } from "../approval/policy.js";
import { QuestionLimits } from "../approval/question-limits.js";
import { callTimes } from "../config/options.js";
import { setupCheck } from "../doctor/examine.js";
import { stackOf } from "../lib/failure.js";
import { machineTime } from "../lib/time-source.js";
import { handlersAcross, handlersOfOnly, type ReachableAccount } from "../mcp/accounts.js";
import { handlersOf } from "../mcp/calls.js";
import type { CallsInFlight } from "../mcp/calls-in-flight.js";
import { ElicitationChannel } from "../mcp/elicitation.js";
import { registerHandlers } from "../mcp/handlers.js";
import type { createServer } from "../mcp/server.js";
import { shownTools } from "../mcp/tools.js";
import { createWorkspace, type WorkspaceOptions } from "../mcp/workspace.js";
import { type CompositionOptions, compose } from "../setup/composition.js";
import type { AccountOffer } from "../setup/offered-tools.js";
import { otherAccount } from "../setup/other-account.js";
import { openState } from "../setup/state.js";
import { statusOf } from "../setup/status.js";
import { listJobs } from "../tools/list-jobs.js";

/** How long a server that ends still sends notifications, in milliseconds: clients kill one that takes longer. */
const LAST_NOTIFICATIONS = 1_500;

/** What a server has from its start. */
export interface RuntimeOptions extends Omit<CompositionOptions, "configuration" | "environment"> {
  /** The one that the client is connected to. */
  readonly server: ReturnType<typeof createServer>;
  /** Of each account, the tools that the client is shown. */
  readonly offers: readonly AccountOffer[];
  readonly callsInFlight: CallsInFlight;
}

/**
 * Makes the server carry out calls. Everything for that is loaded with this module and not at startup: many servers are
 * only ever asked for their tools.
 */
export async function startRuntime(started: RuntimeOptions): Promise<{ close(): Promise<void> }> {
  const { server, offers } = started;
  const [only] = offers;
  if (offers.length === 1 && only !== undefined) {
    const { workspace, close } = await openAccount(only, started, []);
    const handlers = handlersOf(server, workspace, () => workspace);
    registerHandlers(server, handlersOfOnly(only.account.name, handlers));
    return { close };
  }
  const { redactor, log, time = machineTime } = started;
  // The same person is asked, whichever account a question is about.
  const limits = new QuestionLimits(time.elapsed);
  const state =
    only &&
    (await openState({
      configuration: only.account.configuration,
      database: only.account.environment.database,
      redactor,
      now: time.now,
      log,
    }));
  const opened = new Map<AccountOffer, ReturnType<typeof openAccount>>();
  const open = (offer: AccountOffer) => {
    const others = offers.filter((each) => each !== offer).map(asOther);
    const opening = opened.get(offer) ?? openAccount(offer, { ...started, ...(state && { state }) }, others, limits);
    opened.set(offer, opening);
    // What failed is tried again by the next request.
    opening.catch(() => opened.delete(offer));
    return opening;
  };
  const asOther = (offer: AccountOffer): OtherAccounts[number] =>
    otherAccount(nameOf(offer), async (work) => work((await open(offer)).workspace.context), log);
  const accounts = offers.map(
    (offer): ReachableAccount => ({
      name: nameOf(offer),
      clouds: offer.account.clouds,
      tools: shownTools(offer.shown),
      within: async (work) => {
        const { workspace } = await open(offer);
        return work(handlersOf(server, workspace, () => workspace));
      },
    }),
  );
  const report = (error: unknown) => log(stackOf(error));
  const handlers = handlersAcross(() => accounts, report);
  registerHandlers(server, handlers);
  return {
    close: async () => {
      await Promise.allSettled([...opened.values()].map(async (opening) => (await opening).close()));
      await state?.close();
    },
  };
}

type OtherAccounts = WorkspaceOptions["otherAccounts"];

/** The operator's name of one of several accounts. */
const nameOf = ({ account: { name = "" } }: AccountOffer) => name;

async function openAccount(
  offer: AccountOffer,
  started: RuntimeOptions,
  otherAccounts: OtherAccounts,
  limits?: QuestionLimits,
) {
  const { configuration, environment } = offer.account;
  const { server, env, callsInFlight, log } = started;
  const composed = await compose({ ...started, configuration, environment });
  const { shared, backend, cloud } = composed;
  if (backend.notice !== undefined) log(backend.notice);
  const tools = shownTools(offer.shown);
  const form = new ElicitationChannel(server, log);
  const gate = composed.gateWith({ form, ...(limits && { limits }) }, otherAccounts);
  const workspace = createWorkspace({
    ...shared,
    otherAccounts,
    gate,
    tools,
    status: statusOf(configuration, backend.credentials, shared.operations, tools.length),
    // The journal is also readable as resources; switching off the tool switches off both.
    listJobs: isOffered(configuration, listJobs) ? listJobs : undefined,
    approvalByToken: configuration.approve === "token",
    callTime: { ...callTimes, callTime: configuration.callTime, approvalWait: configuration.approvalWait },
    callsInFlight,
    examine: (client, signal) => setupCheck({ configuration, env, backend, cloud }, client, signal),
    log,
  });
  return {
    workspace,
    // A close that fails must not keep the rest open.
    close: () => gate.close().finally(() => composed.close(LAST_NOTIFICATIONS)),
  };
}
