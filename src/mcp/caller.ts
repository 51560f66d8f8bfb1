import { randomUUID } from "node:crypto";
import type { Caller, CallSignals } from "../approval/channel.js";
import { capped, escapeInvisible, type SafeText } from "../lib/safe-text.js";
import type { Client } from "./connected-client.js";
import type { HandlerExtra } from "./handlers.js";
import { formText } from "./markdown.js";

/** Does a request's work on behalf of its client; the shutdown waits for it. */
export type WithCaller = <Result>(extra: HandlerExtra, work: (caller: Caller) => Promise<Result>) => Promise<Result>;

/** Longest progress message, in characters: it contains names from arguments and clouds. */
const MAX_MESSAGE_LENGTH = 300;

/** The client behind one tool call. */
export function createCaller(
  client: Client,
  { _meta, sendNotification }: HandlerExtra,
  { signal, sending }: CallSignals,
): Caller {
  let steps = 0;
  const progress = (message: SafeText) => {
    const progressToken = _meta?.progressToken;
    if (progressToken === undefined || signal.aborted) return;
    steps += 1;
    // A client that is gone cannot be notified; `signal` ends its call.
    void sendNotification({
      method: "notifications/progress",
      params: { progressToken, progress: steps, message: capped(escapeInvisible(String(message)), MAX_MESSAGE_LENGTH) },
    }).catch(() => {});
  };
  const takesLinks = client.getClientCapabilities()?.elicitation?.url !== undefined;
  return {
    signal,
    sending,
    progress,
    ...(takesLinks && { offerLink: (url, message) => offer(client, url, message, signal) }),
  };
}

/** Passes a link to the client's own user interface; the model does not see it. */
async function offer(client: Client, url: string, message: string, signal: AbortSignal): Promise<boolean> {
  const params = { mode: "url" as const, url, message: formText([[message]]), elicitationId: randomUUID() };
  try {
    const { action } = await client.elicitInput(params, { signal });
    return action === "accept";
  } catch {
    return false;
  }
}
