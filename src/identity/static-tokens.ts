import { randomBytes, timingSafeEqual } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { decodeText } from "../lib/decode-text.js";
import { messageOf, systemCodeOf } from "../lib/failure.js";
import { sha256Hex } from "../lib/sha256.js";
import type { TimeSource } from "../lib/time-source.js";
import { type Scope, scopes } from "./person.js";
import { NotAdmitted, type TokenCheck, type VerifiedToken } from "./token.js";

const PREFIX = "cloudcert_";

/** How long the file's content counts, in milliseconds: a token that was taken out of it is refused after that. */
const REREAD_INTERVAL = 2_000;

export const staticToken = z.strictObject({
  name: z.string().regex(/^[\w.@-]{1,64}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  scopes: z.array(z.enum(scopes)).min(1),
  groups: z.array(z.string()).default([]),
  expires: z.string().datetime(),
});
export type StaticToken = z.output<typeof staticToken>;

const content = z.strictObject({ tokens: z.array(staticToken) });

/**
 * Tokens for platforms that can only send a header. The file has their digests: a token has 256 random bits, so nothing
 * slower than SHA-256 is needed to keep it from being guessed.
 */
export class StaticTokens implements TokenCheck {
  readonly #path: string;
  readonly #time: Pick<TimeSource, "now" | "elapsed">;
  readonly #log: (line: string) => void;
  /** Undefined while the file cannot be read. */
  #tokens: readonly StaticToken[] | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;
  #version = "";

  constructor(path: string, time: Pick<TimeSource, "now" | "elapsed">, log: (line: string) => void) {
    this.#path = path;
    this.#time = time;
    this.#log = log;
  }

  handles(token: string): boolean {
    return token.startsWith(PREFIX);
  }

  async check(token: string): Promise<VerifiedToken> {
    await this.#refresh();
    if (this.#tokens === undefined) throw unavailable();
    const digest = Buffer.from(sha256Hex(token), "hex");
    // Each is compared, so the time does not tell which one fits.
    const [found] = this.#tokens.filter(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, "hex"), digest));
    if (found === undefined) throw new NotAdmitted("invalid", "The token is not known to this server.");
    const until = Date.parse(found.expires);
    if (this.#time.now().getTime() >= until) throw new NotAdmitted("invalid", "The token has expired.");
    const { name, groups } = found;
    return {
      person: { id: `token:${name}`, name, groups, scopes: new Set<Scope>(found.scopes) },
      until,
      isStillValid: () => this.#isStillValid(found),
    };
  }

  async #isStillValid(token: StaticToken): Promise<boolean> {
    await this.#refresh();
    // While nobody can tell, it is not taken out. A token whose scopes or groups were changed counts as withdrawn.
    const isKnown = this.#tokens === undefined || this.#tokens.some((each) => isDeepStrictEqual(each, token));
    return isKnown && this.#time.now().getTime() < Date.parse(token.expires);
  }

  /** Concurrent callers share one reading. A clock that is set back must not keep a removed token alive. */
  #refresh(): Promise<void> {
    const now = this.#time.elapsed();
    if (this.#reading === undefined || now - this.#readAt >= REREAD_INTERVAL) {
      this.#readAt = now;
      this.#reading = this.#read();
    }
    return this.#reading;
  }

  /** If the file cannot be read or parsed, nobody is let in. */
  async #read(): Promise<void> {
    try {
      const { mtimeMs, size, ino } = await stat(this.#path);
      const version = `${mtimeMs} ${size} ${ino}`;
      if (version === this.#version) return;
      this.#tokens = await readStaticTokens(this.#path);
      this.#version = version;
    } catch (error) {
      this.#tokens = undefined;
      this.#version = "";
      this.#log(`--tokens: ${messageOf(error)}; no static token is accepted`);
    }
  }
}

function unavailable(): NotAdmitted {
  return new NotAdmitted(
    "unavailable",
    "Static tokens cannot be checked now: this server cannot read their file. Nothing was done. Tell the operator, whom its log tells why, and try again.",
  );
}

/** @throws {Error} without the file's content */
export async function readStaticTokens(path: string): Promise<readonly StaticToken[]> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new Error(`${path} cannot be read (${systemCodeOf(error) ?? "unknown"})`);
  });
  try {
    return content.parse(JSON.parse(decodeText(bytes))).tokens;
  } catch {
    throw new Error(`${path} is not a file of tokens`);
  }
}

export function newStaticToken(): { readonly token: string; readonly sha256: string } {
  const token = `${PREFIX}${randomBytes(32).toString("base64url")}`;
  return { token, sha256: sha256Hex(token) };
}
