import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, onTestFinished } from "vitest";
import { inTerminal, typeApproval } from "../approval/terminal/support.js";
import { bareEnvironment, pointedAt } from "../support/assistant.js";
import { type Ended, runProgram } from "../support/command.js";
import { Company, type Files, sha256Of } from "../support/company.js";
import { programsIn } from "./paths.js";
import { type Pebble, startPebble } from "./pebble.js";
import { isInstalled } from "./processes.js";

/** What Let's Encrypt issues for the shortest time: each client finds it due for renewal at once. */
const validityDays = 6;

/** The programs that the tests need, and the packages of Debian that have them. */
const needed = ["certbot", "lego", "pebble", "pebble-challtestsrv"];
const packages = "certbot lego pebble";

/** Describes what happens with the real clients. Skipped where they are missing, but never in CI. */
export function describeWithClients(what: string, tests: () => void): void {
  const missing = needed.filter((program) => !isInstalled(program));
  const skipped = missing.length > 0 && process.env.CI !== "true";
  const why = `skipped without ${missing.join(", ")}: apt-get install --no-install-recommends ${packages}`;
  describe.skipIf(skipped)(skipped ? `${what} (${why})` : what, tests);
}

/** A computer that renews: ACME clients, the program with its settings, a certificate authority, and the clouds. */
export class Host {
  readonly company: Company;
  readonly #pebble: Pebble | undefined;
  readonly folder = mkdtempSync(join(tmpdir(), "cc-host-"));
  readonly settings = join(this.folder, "settings");
  readonly #env: Record<string, string>;
  #variables: Readonly<Record<string, string>>;

  private constructor(company: Company, pebble?: Pebble) {
    this.company = company;
    this.#pebble = pebble;
    const trusted = join(this.folder, "trusted.pem");
    writeFileSync(trusted, company.sandbox.edge.rootPem + (pebble?.root ?? ""));
    const home = join(this.folder, "home");
    mkdirSync(home);
    this.#env = {
      PATH: `${programsIn(this.folder)}:${bareEnvironment.PATH}`,
      HOME: home,
      ...(pebble && { REQUESTS_CA_BUNDLE: pebble.serverRoot, LEGO_CA_CERTIFICATES: pebble.serverRoot }),
    };
    this.#variables = { ...settingsOf(company), CLOUDCERT_APPROVE: "terminal", NODE_EXTRA_CA_CERTS: trusted };
    this.changeSettings({});
  }

  /** Ends with the test. */
  static async open(): Promise<Host> {
    const company = await Company.open();
    onTestFinished(() => company.close());
    const pebble = await startPebble(mkdtempSync(join(tmpdir(), "cc-pebble-")), validityDays);
    onTestFinished(() => pebble.close());
    return new Host(company, pebble);
  }

  /** The same without ACME clients. */
  static async withoutClients(): Promise<Host> {
    const company = await Company.open({ speed: 100_000 });
    onTestFinished(() => company.close());
    return new Host(company);
  }

  get pebble(): Pebble {
    if (this.#pebble === undefined) throw new Error("this host has no ACME server");
    return this.#pebble;
  }

  /** Changes variables in the file with the program's settings. */
  changeSettings(changed: Readonly<Record<string, string>>): void {
    this.#variables = { ...this.#variables, ...changed };
    const lines = Object.entries(this.#variables).map(([name, value]) => `${name}='${value}'\n`);
    writeFileSync(this.settings, lines.join(""), { mode: 0o600 });
  }

  run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
    return runProgram(command, args, { ...this.#env, ...env }, { cwd: this.folder });
  }

  /** The directory of certbot's, or lego's, certificates and settings. */
  of(client: "certbot" | "lego"): string {
    return join(this.folder, client);
  }

  /** certbot with directories of its own and Pebble for its authority. */
  certbot(...args: string[]): Promise<Ended> {
    const own = ["config", "work", "logs"].flatMap((kind) => [`--${kind}-dir`, join(this.of("certbot"), kind)]);
    const server = ["--server", this.pebble.directory, "--http-01-port", `${this.pebble.challengePort}`];
    return this.run("certbot", [...args, "--non-interactive", "--no-random-sleep-on-renew", ...own, ...server]);
  }

  /** Obtains a certificate with certbot, and keeps the hook for its renewals. */
  obtain(name: string, domains: readonly string[], hook: string): Promise<Ended> {
    const account = ["--agree-tos", "--email", "operator@example.com"];
    const wanted = ["--cert-name", name, "--domains", domains.join()];
    return this.certbot("certonly", "--standalone", ...account, ...wanted, "--deploy-hook", hook);
  }

  lego(domains: readonly string[], ...args: string[]): Promise<Ended> {
    const own = ["--path", this.of("lego"), "--accept-tos", "--email", "operator@example.com"];
    const server = [
      "--server",
      this.pebble.directory,
      "--http",
      "--http.port",
      `127.0.0.1:${this.pebble.challengePort}`,
    ];
    return this.run("lego", [...own, ...server, ...domains.flatMap((domain) => ["--domains", domain]), ...args]);
  }

  /** A certificate that the sandbox's authority issued, in files as certbot names them. */
  async issue(names: readonly string[]): Promise<Files> {
    const { chain, key, sha256 } = await this.company.issue("issued", names);
    const folder = join(this.folder, "issued");
    mkdirSync(folder);
    const files = { folder, chain: join(folder, "fullchain.pem"), key: join(folder, "privkey.pem"), sha256 };
    copyFileSync(chain, files.chain);
    copyFileSync(key, files.key);
    return files;
  }

  /** The hook, with these settings. */
  hook(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
    return this.run("cloudcert-deploy-hook", ["--settings", this.settings, ...args], env);
  }

  /** A command, and a person at a terminal who reads and approves the question that it asks. */
  async approved(command: Promise<Ended>): Promise<Ended> {
    const terminal = inTerminal("cloudcert-mcp approve", { ...this.#env, NO_COLOR: "1" });
    const approval = typeApproval(terminal);
    const asked = await Promise.race([approval.then(() => true), command.then(() => false)]);
    const ended = await command;
    // The next question is for the terminal of the next call alone.
    if (asked) await terminal.answer("\x03");
    if (!asked) throw new Error(`nobody was asked: ${ended.out}${ended.err}`);
    return ended;
  }

  /** SHA-256 of the certificate in a file. */
  sha256(path: string): string {
    return sha256Of(readFileSync(path, "utf8"));
  }

  /** SHA-256 of what the edge serves for a domain. */
  async served(domain: string): Promise<ReadonlySet<string | undefined>> {
    return new Set(await this.company.served(domain));
  }
}

/** The variables that point the program at a sandbox. */
function settingsOf({ sandbox }: Company): Record<string, string> {
  const { args, env } = pointedAt(sandbox);
  const given = (flag: string) => args.filter((_, index) => args[index - 1] === flag).join();
  return { ...env, CLOUDCERT_ENDPOINT: given("--endpoint"), CLOUDCERT_EDGE: given("--edge") };
}
