import { KeyObject } from "node:crypto";
import { statSync } from "node:fs";
import { createSecureContext, Server } from "node:tls";
import { fits, openPrivateKey } from "../certificates/private-key.js";
import { X509 } from "../certificates/x509.js";
import { ConfigurationError, explained } from "../config/read.js";
import { readTextFile } from "../lib/decode-text.js";
import { messageOf } from "../lib/failure.js";
import { wholeSeconds } from "../lib/moment.js";
import { machineTime } from "../lib/time-source.js";

/** A certificate with what follows it, and its key, in PEM. */
interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

/** What takes the place of the pair that was served before. */
interface ServedPair extends TlsPair {
  /** Why clients refuse the certificate, although it can be served. */
  readonly warning: string | undefined;
}

interface RenewalLog {
  report(error: unknown): void;
  warn(line: string): void;
}

/** Certificate and key of the server itself, which are renewed while it runs. */
export class TlsFiles {
  readonly #cert: string;
  readonly #key: string;
  #version = "";
  /** The version that was refused last, and why: it is tried again each time, but reported once. */
  #refused: string | undefined;

  constructor(cert: string, key: string) {
    this.#cert = cert;
    this.#key = key;
  }

  /** @throws {ConfigurationError} if they cannot be read, or are no pair */
  read(): ServedPair {
    // Taken before they are read: what changes meanwhile is read again.
    const version = this.#seen();
    const cert = explained("--tls-cert", () => readTextFile(this.#cert));
    const pair = { cert, key: explained("--tls-key", () => readTextFile(this.#key)) };
    const leaf = this.#leafOf(pair);
    explained("--tls-cert and --tls-key are not a certificate and its key", () => createSecureContext(pair));
    this.#version = version;
    const why = whyRefused(leaf, machineTime.now());
    return { ...pair, warning: why && `--tls-cert: ${this.#cert} ${why}: clients refuse it` };
  }

  /** Serves what the files hold now, if they have changed. A pair that does not fit is reported, and the old one stays. */
  renew(server: unknown, { report, warn }: RenewalLog): void {
    let version = "";
    try {
      if (!(server instanceof Server)) return;
      version = this.#seen();
      if (version === this.#version) return;
      const { warning, ...pair } = this.read();
      server.setSecureContext(pair);
      if (warning !== undefined) warn(warning);
    } catch (error) {
      // A file may become readable without a new version.
      const refused = `${version} ${messageOf(error)}`;
      if (refused === this.#refused) return;
      this.#refused = refused;
      report(
        new Error(
          `the new certificate of this server cannot be used, and it goes on with the one it has: ${messageOf(error)}`,
        ),
      );
    }
  }

  /**
   * The certificate that a client gets. OpenSSL takes a pair whose keys are of two kinds, and a file without any
   * certificate, and then fails in every handshake.
   */
  #leafOf({ cert, key }: TlsPair): X509 {
    // Not as a bundle for a cloud: OpenSSL serves longer chains than a cloud takes, and blocks by other names.
    const x509 = X509.read(cert);
    if (x509 === undefined) {
      throw new ConfigurationError(
        `--tls-cert: ${this.#cert} is not a certificate and its chain: it does not begin with a certificate in PEM that can be read`,
      );
    }
    const opened = openPrivateKey(key, undefined);
    if (!(opened instanceof KeyObject)) {
      const why = opened === "encrypted" ? "is encrypted: decrypt it" : "holds no private key in PEM that can be read";
      throw new ConfigurationError(`--tls-key: ${this.#key} ${why}`);
    }
    if (fits({ x509 }, opened)) return x509;
    throw new ConfigurationError(
      `--tls-cert and --tls-key are not a certificate and its key: the key in ${this.#key} is not that of the first certificate in ${this.#cert}`,
    );
  }

  #seen(): string {
    return [this.#cert, this.#key].map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs).join(" ");
  }
}

function whyRefused({ notBefore, notAfter }: X509, now: Date): string | undefined {
  if (notAfter <= now) return `expired on ${wholeSeconds(notAfter)}`;
  return notBefore > now ? `is not valid before ${wholeSeconds(notBefore)}` : undefined;
}
