import { createHmac } from "node:crypto";
import { sameSecret } from "../../lib/same-secret.js";
import { sha256Hex } from "../../lib/sha256.js";
import type { ApprovalRequest } from "../request.js";

/** A source of random bytes, like `randomBytes` of node:crypto. */
export type Random = (size: number) => Buffer;

/** How many links are remembered: a link to an ended request can then say so. */
const MAX_ENDED_LINKS = 64;

/** A request that can be decided through a link. Only the link's hash is kept. */
export class OneTimeLink {
  readonly request: ApprovalRequest;
  readonly #tokenHash: string;
  readonly #key: Buffer;
  readonly #random: Random;

  constructor(request: ApprovalRequest, token: string, random: Random) {
    this.request = request;
    this.#tokenHash = sha256Hex(token);
    this.#key = random(32);
    this.#random = random;
  }

  belongsTo(token: string): boolean {
    return sameSecret(sha256Hex(token), this.#tokenHash);
  }

  /** A value for the form of one rendering. Any rendering may be answered while the request is open. */
  issueCsrfToken(): string {
    const nonce = this.#random(16).toString("base64url");
    return `${nonce}.${this.#sign(nonce)}`;
  }

  isIssued(csrfToken: string): boolean {
    const [nonce = "", signature = ""] = csrfToken.split(".");
    return sameSecret(signature, this.#sign(nonce));
  }

  #sign(nonce: string): string {
    return createHmac("sha256", this.#key).update(nonce).digest("base64url");
  }
}

/** The links of one server. */
export class OneTimeLinks {
  readonly #random: Random;
  #links: OneTimeLink[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** @returns the token of a new link: 32 random bytes */
  add(request: ApprovalRequest): string {
    const token = this.#random(32).toString("base64url");
    const open = this.#links.filter((link) => link.request.open);
    const over = this.#links.filter((link) => !link.request.open).slice(-MAX_ENDED_LINKS);
    this.#links = [...over, ...open, new OneTimeLink(request, token, this.#random)];
    return token;
  }

  find(token: string): OneTimeLink | undefined {
    return this.#links.find((link) => link.belongsTo(token));
  }
}
