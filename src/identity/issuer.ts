import { createRemoteJWKSet, type RemoteJWKSet } from "jose";
import { z } from "zod";
import { messageOf } from "../lib/failure.js";
import { NotAdmitted } from "./token.js";

/** Milliseconds. */
const times = {
  /** For one request to the issuer. */
  request: 5_000,
  /** How long its metadata counts. */
  metadata: 60 * 60_000,
  /** How long its keys count; an unknown key id asks again, but not more often than the cool-down says. */
  keys: 10 * 60_000,
  coolDown: 30_000,
  /** After a failure, so that requests with made-up tokens do not become requests to the issuer. */
  retry: 5_000,
};

/** The part of an issuer's metadata that is needed here (RFC 8414, section 2). */
const metadata = z.object({ issuer: z.string(), jwks_uri: z.string().url() });

/** The identity provider whose tokens count: finds its keys when they are first needed, and again when they change. */
export class Issuer {
  /** As tokens name it. */
  readonly name: string;
  readonly #url: URL;
  readonly #now: () => number;
  readonly #log: (line: string) => void;
  #found: { readonly keys: RemoteJWKSet; readonly at: number } | undefined;
  #finding: Promise<RemoteJWKSet> | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(name: string, now: () => number, log: (line: string) => void) {
    this.name = name;
    this.#url = new URL(name);
    this.#now = now;
    this.#log = log;
  }

  /** @throws {NotAdmitted} if they cannot be read now */
  async keys(): Promise<RemoteJWKSet> {
    const found = this.#found;
    if (found !== undefined && this.#now() - found.at < times.metadata) return found.keys;
    if (this.#finding === undefined && this.#now() - this.#failedAt >= times.retry) {
      this.#finding = this.#find().finally(() => {
        this.#finding = undefined;
      });
    }
    try {
      if (this.#finding !== undefined) return await this.#finding;
    } catch (error) {
      this.#failedAt = this.#now();
      this.#log(`the issuer ${this.name} cannot be asked for its keys: ${messageOf(error)}`);
    }
    // Old metadata is better than admitting nobody: the keys themselves are still fetched.
    if (found !== undefined) return found.keys;
    throw keysUnavailable();
  }

  async #find(): Promise<RemoteJWKSet> {
    const { issuer, jwks_uri: uri } = await this.#metadata();
    if (issuer !== this.name) throw new Error(`its metadata says that it is ${JSON.stringify(issuer)}`);
    const url = new URL(uri);
    if (url.protocol !== "https:" && url.hostname !== this.#url.hostname) {
      throw new Error("its keys are at an address without TLS");
    }
    const keys = createRemoteJWKSet(url, {
      timeoutDuration: times.request,
      cooldownDuration: times.coolDown,
      cacheMaxAge: times.keys,
    });
    this.#found = { keys, at: this.#now() };
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
      if (reply.status === 200) return metadata.parse(await reply.json());
      failures.push(`${place} answers ${reply.status}`);
      await reply.body?.cancel();
    }
    throw new Error(failures.join(", "));
  }
}

export function keysUnavailable(): NotAdmitted {
  return new NotAdmitted(
    "unavailable",
    "Access tokens cannot be checked now: the identity provider does not answer. Nothing was done. Try again in a minute.",
  );
}
