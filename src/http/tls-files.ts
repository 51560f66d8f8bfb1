import { readFileSync, statSync } from "node:fs";
import { createSecureContext, Server } from "node:tls";
import { ConfigurationError } from "../config/read.js";
import { messageOf, systemCodeOf } from "../lib/failure.js";

/** Certificate and key of the server itself, which are renewed while it runs. */
export class TlsFiles {
  readonly #cert: string;
  readonly #key: string;
  #version = "";

  constructor(cert: string, key: string) {
    this.#cert = cert;
    this.#key = key;
  }

  /** @throws {ConfigurationError} if they cannot be read, or are no pair */
  read(): { readonly cert: string; readonly key: string } {
    const read = (flag: string, path: string) => {
      try {
        return readFileSync(path, "utf8");
      } catch (error) {
        throw new ConfigurationError(`${flag}: ${path} cannot be read (${systemCodeOf(error) ?? "unknown"})`);
      }
    };
    const files = { cert: read("--tls-cert", this.#cert), key: read("--tls-key", this.#key) };
    try {
      createSecureContext(files);
    } catch (error) {
      throw new ConfigurationError(`--tls-cert and --tls-key are not a certificate and its key: ${messageOf(error)}`);
    }
    this.#version = this.#seen();
    return files;
  }

  /** Serves what the files hold now, if they have changed. A pair that does not fit is reported, and the old one stays. */
  renew(server: unknown, report: (error: unknown) => void): void {
    try {
      if (!(server instanceof Server) || this.#seen() === this.#version) return;
      server.setSecureContext(this.read());
    } catch (error) {
      report(new Error(`the new certificate of this server cannot be used: ${messageOf(error)}`));
    }
  }

  #seen(): string {
    return [this.#cert, this.#key].map((path) => statSync(path).mtimeMs).join(" ");
  }
}
