import type { ReadOperation } from "../catalogue/operation.js";
import type { JsonObject } from "../lib/json.js";
import { keepNewest } from "../lib/keep-newest.js";

/** A reply, without secrets, and when it was asked for (milliseconds). */
export interface RecentReply {
  readonly reply: JsonObject;
  readonly readAt: number;
}

/** Replies that are kept: the pages of the lists of a large account, and a reply for each of its VOD domains. */
const MAX_REPLIES = 5_000;

/** Replies to the reads of lists, for paging through them without reading them again. */
export class RecentReads {
  readonly #replies = new Map<string, RecentReply>();
  readonly #now: () => Date;
  /** Counts the changes that were sent: a reply that was requested before the last one is not kept. */
  #changes = 0;

  readonly #atMost: number;

  /** @param atMost replies to keep; the least recent ones are forgotten */
  constructor(now: () => Date, atMost = MAX_REPLIES) {
    this.#now = now;
    this.#atMost = atMost;
  }

  /** The reply to the same read since `notBefore` (milliseconds), or the one that `read` gets now. */
  async get(
    { name, service }: ReadOperation,
    params: JsonObject,
    notBefore: number,
    read: () => Promise<JsonObject>,
  ): Promise<RecentReply> {
    const key = JSON.stringify([service.id, name, params]);
    const known = this.#replies.get(key);
    const [readAt, changes] = [this.#now().getTime(), this.#changes];
    // A reply from the future was read before the clock was set back: how old it is, nobody knows.
    if (known !== undefined && known.readAt >= notBefore && known.readAt <= readAt) return known;
    const answered = { reply: await read(), readAt };
    if (changes === this.#changes) keepNewest(this.#replies, key, answered, this.#atMost);
    return answered;
  }

  /** Call this when a change is sent, and again when it is answered: any list may have changed. */
  forget(): void {
    this.#changes += 1;
    this.#replies.clear();
  }
}
