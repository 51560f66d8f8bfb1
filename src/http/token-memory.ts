import { keepNewest } from "../lib/keep-newest.js";
import { sha256Hex } from "../lib/sha256.js";

/** Most tokens that are masked at the same time. */
const MOST = 1_000;

/** The tokens that were lately sent to this server, to be masked in all that leaves it. */
export class TokenMemory {
  readonly #learn: (secrets: readonly string[]) => () => void;
  /** By digest; the one that was used last is last. */
  readonly #release = new Map<string, () => void>();

  constructor(learn: (secrets: readonly string[]) => () => void) {
    this.#learn = learn;
  }

  keep(token: string): void {
    const digest = sha256Hex(token);
    const release = this.#release.get(digest) ?? this.#learn([token]);
    keepNewest(this.#release, digest, release, MOST, (forget) => forget());
  }
}
