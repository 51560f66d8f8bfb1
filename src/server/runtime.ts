import { isOffered } from "../approval/policy.js";
import { callTimes } from "../config/options.js";
import { examine } from "../doctor/examine.js";
import { version } from "../lib/version.js";
import { registerToolHandlers } from "../mcp/calls.js";
import type { CallsInFlight } from "../mcp/calls-in-flight.js";
import { formOf } from "../mcp/form-channel.js";
import { errorCodesOf, errorPage, operationPage } from "../mcp/resources/pages/index.js";
import type { Listing } from "../mcp/server.js";
import { createWorkspace } from "../mcp/workspace.js";
import { type CompositionOptions, compose } from "../setup/composition.js";
import { statusOf } from "../setup/status.js";
import { customTools } from "../tools/index.js";
import { listJobs } from "../tools/list-jobs.js";

/** How long a server that ends still sends notifications, in milliseconds: clients kill one that takes longer. */
const LAST_NOTIFICATIONS = 1_500;

/** What a server has from its start. */
export interface RuntimeOptions extends CompositionOptions {
  readonly listing: Listing;
  /** Names of the tools shown to the client. */
  readonly shown: readonly string[];
  readonly callsInFlight: CallsInFlight;
}

/** What calls need. */
export interface Runtime {
  close(): Promise<void>;
}

/**
 * Makes the server carry out calls. Everything for that is loaded with this module and not at startup: many servers are
 * only ever asked for their tools.
 */
export async function startRuntime(started: RuntimeOptions): Promise<Runtime> {
  const { listing, configuration, env, shown, callsInFlight, log } = started;
  const composed = await compose(started);
  const { shared, backend, cloud } = composed;
  if (backend.notice !== undefined) log(backend.notice);
  const { credentials } = backend;
  const { operations } = shared;
  const tools = [...operations, ...customTools].filter(({ name }) => shown.includes(name));
  const gate = composed.gateWith({ form: formOf(listing) });
  const workspace = createWorkspace({
    ...shared,
    gate,
    tools,
    status: statusOf({ version, configuration, credentials, operations, toolCount: shown.length }),
    pages: { operationPage, errorPage, errorCodesOf },
    // The journal is also readable as resources; switching off the tool switches off both.
    listJobs: isOffered(configuration, listJobs) ? listJobs : undefined,
    approvalByToken: configuration.approve === "token",
    callTime: { ...callTimes, callTime: configuration.callTime, approvalWait: configuration.approvalWait },
    callsInFlight,
    examine: async (client, signal) => ({
      ...(await examine({ configuration, env, backend, cloud }, client, signal)),
    }),
    log,
  });
  registerToolHandlers(listing.server, workspace, () => ({ tools }));
  return {
    close: async () => {
      await Promise.all([gate.close(), composed.close(LAST_NOTIFICATIONS)]);
    },
  };
}
