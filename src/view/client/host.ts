import { membersIn, type ReplyMembers, textIn } from "../values.js";

/*
 * The view's side of MCP Apps: JSON-RPC over postMessage, with the host's frame and nobody else
 * (https://github.com/modelcontextprotocol/ext-apps/blob/main/specification/2026-01-26/apps.mdx).
 */

type NotificationHandler = (params: ReplyMembers) => void;

/** Milliseconds until a request counts as unanswered. */
const REQUEST_TIMEOUT = 10_000;

export class ViewHost {
  readonly #waiting = new Map<number, { resolve(result: ReplyMembers): void; reject(error: Error): void }>();
  readonly #notified: ReadonlyMap<string, NotificationHandler>;
  readonly #teardown: () => void;
  #last = 0;

  /** @param teardown called before the host removes the view */
  constructor(notified: Readonly<Record<string, NotificationHandler>>, teardown: () => void) {
    this.#notified = new Map(Object.entries(notified));
    this.#teardown = teardown;
    window.addEventListener("message", ({ source, data }) => {
      if (source === window.parent) this.#receive(membersIn(data));
    });
  }

  /** Sends a request; rejects if the host refuses or does not answer. */
  request(method: string, params: ReplyMembers): Promise<ReplyMembers> {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      setTimeout(() => this.#take(id)?.reject(new Error(`${method}: no answer`)), REQUEST_TIMEOUT);
      this.#send({ id, method, params });
    });
  }

  notify(method: string, params: ReplyMembers): void {
    this.#send({ method, params });
  }

  #send(message: ReplyMembers): void {
    // The host's origin is not known to a view; nothing here is secret.
    window.parent.postMessage({ jsonrpc: "2.0", ...message }, "*");
  }

  #receive({ jsonrpc, id, method, params, result, error }: ReplyMembers): void {
    if (jsonrpc !== "2.0") return;
    const name = textIn(method);
    if (name === undefined) {
      const waiting = typeof id === "number" ? this.#take(id) : undefined;
      if (error === undefined) waiting?.resolve(membersIn(result));
      else waiting?.reject(new Error(textIn(membersIn(error).message) ?? "refused"));
    } else if (id === undefined) {
      this.#notified.get(name)?.(membersIn(params));
    } else {
      const isKnown = name === "ping" || name === "ui/resource-teardown";
      if (name === "ui/resource-teardown") this.#teardown();
      this.#send({ id, ...(isKnown ? { result: {} } : { error: { code: -32601, message: "Method not found" } }) });
    }
  }

  #take(id: number) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }
}
