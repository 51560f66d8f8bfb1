import { createRemoteJWKSet, errors, type RemoteJWKSet } from "jose";
import { z } from "zod";
import { messageWithCauseOf } from "../lib/failure.js";
import { isSecure } from "../lib/secure-url.js";
import { NotAdmitted } from "./token.js";

/** How long after they were read the keys are not read again for an unknown key id, in milliseconds. */
export const keysCoolDown = 30_000;

/** Milliseconds. */
const times = {
  /** For one request to the issuer. */
  request: 5_000,
  /** How long its metadata counts. */
  metadata: 60 * 60_000,
  /** How long its keys count. */
  keys: 10 * 60_000,
  /** After a failure, so that requests with made-up tokens do not become requests to the issuer. */
  retry: 5_000,
};

/** The part of an issuer's metadata that is needed here (RFC 8414, section 2). */
const metadata = z.object({ issuer: z.string(), jwks_uri: z.string().url() });

/** The provider's answer cannot be used. */
class UnusableMetadata extends Error {}

/**
 * Whether an address in the metadata of an issuer may be used: what comes from an issuer over TLS must not lead to keys
 * and tokens without it.
 */
export function isAddressOf(issuer: URL, url: URL): boolean {
  return url.protocol === "https:" || (issuer.protocol === "http:" && isSecure(url));
}

/** The identity provider whose tokens count: finds its keys when they are first needed, and again when they change. */
export class Issuer {
  /** As tokens name it. */
  readonly name: string;
  readonly #url: URL;
  readonly #now: () => number;
  readonly #log: (line: string) => void;
  #cached: { readonly keys: RemoteJWKSet; readonly at: number } | undefined;
  #discovery: Promise<RemoteJWKSet> | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;
  #failure: unknown;

  constructor(name: string, now: () => number, log: (line: string) => void) {
    this.name = name;
    this.#url = new URL(name);
    this.#now = now;
    this.#log = log;
  }

  /** @throws {NotAdmitted} if they cannot be read now */
  async keys(): Promise<RemoteJWKSet> {
    const found = this.#cached;
    if (found !== undefined && this.#now() - found.at < times.metadata) return found.keys;
    if (this.#discovery === undefined && this.#now() - this.#failedAt >= times.retry) {
      this.#discovery = this.#discover().finally(() => {
        this.#discovery = undefined;
      });
    }
    try {
      if (this.#discovery !== undefined) return await this.#discovery;
    } catch (error) {
      this.#recordFailure(error);
    }
    // Old metadata is better than admitting nobody: the keys themselves are still fetched.
    if (found !== undefined) return found.keys;
    throw keysUnavailable(this.#failure);
  }

  /**
   * The keys' own address failed.
   * @returns what to tell the caller
   */
  unavailable(error: unknown): NotAdmitted {
    if (this.#now() - this.#failedAt >= times.retry) this.#recordFailure(error);
    return keysUnavailable(error);
  }

  #recordFailure(error: unknown): void {
    this.#failedAt = this.#now();
    this.#failure = error;
    this.#log(`the issuer ${this.name} cannot be asked for its keys: ${messageWithCauseOf(error)}`);
  }

  async #discover(): Promise<RemoteJWKSet> {
    const { issuer, jwks_uri: uri } = await this.#metadata();
    if (issuer !== this.name) throw new UnusableMetadata(`its metadata says that it is ${JSON.stringify(issuer)}`);
    const url = new URL(uri);
    if (!isAddressOf(this.#url, url)) throw new UnusableMetadata(`its keys are at an address without TLS, ${uri}`);
    const keys = createRemoteJWKSet(url, {
      timeoutDuration: times.request,
      cooldownDuration: keysCoolDown,
      cacheMaxAge: times.keys,
    });
    this.#cached = { keys, at: this.#now() };
    return keys;
  }

  /** OpenID Connect Discovery 1.0, section 4, and where there is none RFC 8414, section 3. */
  async #metadata(): Promise<z.output<typeof metadata>> {
    const path = this.#url.pathname.replace(/\/$/, "");
    const places = [`${path}/.well-known/openid-configuration`, `/.well-known/oauth-authorization-server${path}`];
    const failures: string[] = [];
    for (const place of places) {
      const signal = AbortSignal.timeout(times.request);
      const reply = await fetch(new URL(place, this.#url.origin), { signal, redirect: "error" });
      if (reply.status === 200) return metadataIn(await reply.text(), place);
      failures.push(`${place} answers ${reply.status}`);
      await reply.body?.cancel();
      if (reply.status >= 500) throw new Error(failures.join(", "));
    }
    throw new UnusableMetadata(failures.join(", "));
  }
}

function metadataIn(text: string, place: string): z.output<typeof metadata> {
  try {
    return metadata.parse(JSON.parse(text));
  } catch {
    throw new UnusableMetadata(`${place} holds no metadata with issuer and jwks_uri`);
  }
}

function keysUnavailable(error: unknown): NotAdmitted {
  const isUnusable = error instanceof UnusableMetadata || error instanceof errors.JWKSInvalid;
  const why = isUnusable
    ? "what the identity provider answers cannot be used (this server's log says why)"
    : "the identity provider does not answer";
  return new NotAdmitted(
    "unavailable",
    `Access tokens cannot be checked now: ${why}. Nothing was done. Try again in a minute.`,
  );
}
