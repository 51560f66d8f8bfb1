import { messageOf } from "../../lib/failure.js";
import type { Language } from "../../lib/language.js";
import type { Caller, Channel } from "../channel.js";
import type { ApprovalRequest } from "../request.js";
import { openInBrowser } from "./browser.js";
import { ApprovalPage } from "./server.js";

interface PageChannelOptions {
  /** Opens a link in the person's browser; resolves to false if there is no way to. */
  readonly open?: (url: string) => Promise<boolean>;
  /** Writes a line to stderr, where the person may look but the model does not. */
  readonly announce: (line: string) => void;
  /** The page's language; if absent, the one that the browser asks for. */
  readonly language?: Language | undefined;
}

/** Asks a person on a page in their browser. The link goes to the browser, the client's own interface and stderr. */
export class PageChannel implements Channel {
  readonly outOfBand = true;
  readonly #open: (url: string) => Promise<boolean>;
  readonly #announce: (line: string) => void;
  readonly #page: ApprovalPage;

  constructor({ open = openInBrowser, announce, language }: PageChannelOptions) {
    this.#page = new ApprovalPage({ language });
    this.#open = open;
    this.#announce = announce;
  }

  async present(request: ApprovalRequest, caller: Caller): Promise<boolean> {
    const link = await this.#page.offer(request).catch((cause: unknown) => {
      this.#announce(`The approval page cannot be started: ${messageOf(cause)}`);
      return undefined;
    });
    if (link === undefined) return false;
    const { operation, question } = request.planAsked;
    this.#announce(`${operation} waits for approval: ${link}`);
    // Not awaited: a client answers the offer only when the person does. If it cannot show it, the browser does.
    const taken = caller.offerLink?.(link, question).catch(() => false);
    request.offerAt("page", taken !== undefined);
    if (await this.#open(link)) {
      request.offerAt("page", true);
    } else {
      this.#announce("No browser could be opened here: open the link above yourself.");
      void taken?.then((isTaken) => isTaken || request.offerAt("page", false));
    }
    return true;
  }

  close(): Promise<void> {
    return this.#page.close();
  }
}
