import { createHmac, randomBytes } from "node:crypto";
import { sameSecret } from "../../lib/same-secret.js";
import { sha256Hex } from "../../lib/sha256.js";
import type { ApprovalRequest } from "../request.js";

/** How many links are remembered: a link to an ended request can then say so. */
const MAX_ENDED_LINKS = 64;

/** A request that can be decided through a link. Only the link's hash is kept. */
export class OneTimeLink {
  readonly request: ApprovalRequest;
  readonly #tokenHash: string;
  readonly #key = randomBytes(32);

  constructor(request: ApprovalRequest, token: string) {
    this.request = request;
    this.#tokenHash = sha256Hex(token);
  }

  belongsTo(token: string): boolean {
    return sameSecret(sha256Hex(token), this.#tokenHash);
  }

  /** A value for the form of one rendering. Any rendering may be answered while the request is open. */
  issueCsrfToken(): string {
    const nonce = randomBytes(16).toString("base64url");
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
  #links: OneTimeLink[] = [];

  /** @returns the token of a new link: 32 random bytes */
  add(request: ApprovalRequest): string {
    const token = randomBytes(32).toString("base64url");
    const open = this.#links.filter((link) => link.request.open);
    const over = this.#links.filter((link) => !link.request.open).slice(-MAX_ENDED_LINKS);
    this.#links = [...over, ...open, new OneTimeLink(request, token)];
    return token;
  }

  find(token: string): OneTimeLink | undefined {
    return this.#links.find((link) => link.belongsTo(token));
  }
}
