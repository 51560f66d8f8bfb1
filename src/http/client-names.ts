import { z } from "zod";
import { capped, escapeInvisible } from "../lib/escape-text.js";
import { keepNewest } from "../lib/keep-newest.js";

/** Most clients that are remembered. */
const MOST = 5_000;

/** Longest name, in characters. */
const LONGEST = 60;

const introduction = z.object({ params: z.object({ clientInfo: z.object({ name: z.string().min(1) }) }) });

/**
 * What clients call themselves. They say so only when they initialize; without sessions, their later requests do not
 * repeat it.
 */
export class ClientNames {
  readonly #names = new Map<string, string>();

  /** @param key identifies the client in its other requests, too */
  learn(key: string, initialize: unknown): void {
    const parsed = introduction.safeParse(initialize);
    if (!parsed.success) return;
    keepNewest(this.#names, key, capped(escapeInvisible(parsed.data.params.clientInfo.name), LONGEST), MOST);
  }

  of(key: string): string | undefined {
    return this.#names.get(key);
  }
}
