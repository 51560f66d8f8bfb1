import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isInstalled } from "../integrations/processes.js";

/** Whether `openssl` is there, in version 3: `req -x509 -CA` is not in those before, nor in LibreSSL. */
export const hasOpenssl = /^OpenSSL 3/.test(spawnSync("openssl", ["version"], { encoding: "utf8" }).stdout ?? "");
export const hasKeytool = isInstalled("keytool");
/** SM2 is a matter of how openssl was built. */
export const knowsSm2 =
  hasOpenssl && /SM2/.test(spawnSync("openssl", ["ecparam", "-list_curves"], { encoding: "utf8" }).stdout);

const day = 24 * 3600 * 1000;

export interface Order {
  /** As in `-subj`; empty for an empty Name. Of the CN alone unless told otherwise. */
  readonly subject?: string;
  /** The file name of the issuer; signed by its own key when absent. */
  readonly by?: string;
  /** The file name of the key; the leaf's usual one when absent. */
  readonly key?: string;
  /** Lines of an extensions section; those of an ordinary server for shop.example.com when absent. */
  readonly extensions?: readonly string[];
  /** Days from now; from a day ago for 90 days when absent, an authority's for 20 years. */
  readonly from?: number;
  readonly to?: number;
  readonly more?: readonly string[];
}

export const names = "subjectAltName=DNS:shop.example.com,DNS:www.shop.example.com";
const server = ["basicConstraints=critical,CA:FALSE", "extendedKeyUsage=serverAuth"];
export const signs = "keyUsage=critical,digitalSignature";
/** An ordinary server's, with the lines of `more` in place of names and key usage. */
export const serverWith = (...more: readonly string[]) => [...server, ...more];
const authority = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"];

/** A folder in which openssl makes keys and certificates; one process for each. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), "cloudcert-corpus-"));

  constructor() {
    const database = ["[d]", "database=index.txt", "new_certs_dir=.", "rand_serial=yes", "default_md=sha256"];
    const lines = ["[ca]", "default_ca=d", ...database, "policy=p", "unique_subject=no", "[p]", "commonName=optional"];
    this.write("ca.cnf", `${lines.join("\n")}\n`);
    this.write("index.txt", "");
  }

  run(command: string, ...args: readonly string[]): Buffer {
    return execFileSync(command, args, { cwd: this.folder, stdio: "pipe" });
  }

  write(name: string, data: string | Uint8Array): void {
    writeFileSync(join(this.folder, name), data, { mode: 0o600 });
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  bytes(name: string): Buffer {
    return readFileSync(join(this.folder, name));
  }

  join(name: string, ...parts: readonly string[]): void {
    this.write(name, parts.map((part) => this.read(part)).join(""));
  }

  key(name: string, ...how: readonly string[]): void {
    this.run("openssl", "genpkey", ...how, "-out", `${name}.key`);
  }

  ecKey(name: string, curve = "prime256v1", ...more: readonly string[]): void {
    this.key(name, "-algorithm", "EC", "-pkeyopt", `ec_paramgen_curve:${curve}`, ...more);
  }

  authority(name: string, order: Order = {}): void {
    if (order.key === undefined) this.ecKey(name);
    this.certificate(name, { subject: `/CN=Corpus ${name}`, key: name, extensions: authority, ...order });
  }

  /** Makes `name.crt`. */
  certificate(name: string, order: Order = {}): void {
    const { subject = "/CN=shop.example.com", by, key = "leaf", more = [] } = order;
    const extensions = order.extensions ?? serverWith(names, signs);
    this.write(
      "req.cnf",
      `[req]\ndistinguished_name=n\nutf8=yes\nstring_mask=utf8only\n[n]\n[e]\n${extensions.join("\n")}\n`,
    );
    const about = [
      "-new",
      "-utf8",
      "-key",
      `${key}.key`,
      "-config",
      "req.cnf",
      "-subj",
      subject === "" ? "/" : subject,
    ];
    if (order.from !== undefined || order.to !== undefined) {
      this.#dated(name, order, about);
      return;
    }
    const signed = by === undefined ? [] : ["-CA", `${by}.crt`, "-CAkey", `${by}.key`];
    // An authority lives longer than what it signs.
    const days = extensions === authority ? "7300" : "90";
    const out = ["-days", days, "-extensions", "e", "-out", `${name}.crt`];
    this.run("openssl", "req", "-x509", ...about, ...signed, ...out, ...more);
  }

  /** `openssl ca` is the only command of OpenSSL 3.0 that takes dates. */
  #dated(name: string, { by, from = -1, to = 90 }: Order, about: readonly string[]): void {
    this.run("openssl", "req", ...about, "-out", "dated.csr");
    const issuer = ["-cert", `${by}.crt`, "-keyfile", `${by}.key`, "-extfile", "req.cnf", "-extensions", "e"];
    const dates = ["-startdate", asTime(from), "-enddate", asTime(to)];
    const how = ["-batch", "-notext", "-preserveDN", "-config", "ca.cnf"];
    this.run("openssl", "ca", ...how, "-in", "dated.csr", ...issuer, ...dates, "-out", `${name}.crt`);
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** A number of days from now as ASN.1 writes a time; 9999-12-31 for infinity. */
function asTime(days: number): string {
  if (days === Number.POSITIVE_INFINITY) return "99991231235959Z";
  return `${new Date(Date.now() + days * day).toISOString().slice(0, 19).replace(/[-:T]/g, "")}Z`;
}
