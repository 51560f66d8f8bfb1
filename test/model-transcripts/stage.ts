import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import type { KeyKind } from "../../src/sandbox/authority.js";
import { parseSandboxCertificate } from "../../src/sandbox/certificate.js";
import { type DeliveryDomain, daysFrom } from "../../src/sandbox/delivery.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import type { StoredSslCertificate } from "../../src/sandbox/tencent-ssl/state.js";
import { type Assistant, pointedAt, saysYes, startAssistant } from "../support/assistant.js";

/** What the person who writes a request knows. */
export interface Place {
  /** The directory that the operator opened: new.crt, rsa.crt and cdn.crt with their keys, and other.key. */
  readonly folder: string;
  /** The id of a certificate at Tencent Cloud, by its remark. */
  id(alias: string): string;
}

/** A sandbox with its edge, and a built server that works on it. */
export class Stage {
  readonly sandbox: Sandbox;
  readonly folder: string;
  /** SHA-256 of the certificate in new.crt. */
  readonly fresh: string;
  /** The questions that the person was asked, in order. */
  readonly questions: string[] = [];
  readonly #args: readonly string[];
  readonly #env: Record<string, string>;
  readonly #clock: { skipped: number };
  #assistant: Assistant | undefined;

  private constructor(sandbox: Sandbox, clock: { skipped: number }, flags: readonly string[], fresh: Fresh) {
    this.sandbox = sandbox;
    this.#clock = clock;
    this.folder = fresh.folder;
    this.fresh = fingerprint(fresh.pem);
    const { args, env } = pointedAt(sandbox);
    const path = (name: string) => join(this.folder, name);
    const own = ["--jobs", path("jobs"), "--audit-log", path("audit.jsonl"), "--files", this.folder];
    // A transcript counts calls: on a busy machine none may be answered before its end.
    this.#args = [...args, ...own, "--approve", "elicit", "--call-time", "600", ...flags];
    this.#env = { ...env, NODE_EXTRA_CA_CERTS: path("root.pem") };
  }

  static async open(speed: number, flags: readonly string[]): Promise<Stage> {
    const clock = { skipped: 0 };
    const sandbox = await startSandbox({ speed, now: () => Date.now() + clock.skipped });
    return new Stage(sandbox, clock, flags, await writeFiles(sandbox));
  }

  get place(): Place {
    return { folder: this.folder, id: (alias) => this.certificate(alias).id };
  }

  get assistant(): Assistant {
    if (this.#assistant === undefined) throw new Error("nobody is there yet");
    return this.#assistant;
  }

  /** The assistant that the person writes to. */
  async begin(): Promise<void> {
    const person: typeof saysYes = (question) => {
      this.questions.push(question.message);
      return saysYes?.(question) ?? { action: "cancel" };
    };
    this.#assistant = await startAssistant(this.#args, { env: this.#env, person });
  }

  /** A session of somebody else, who is gone before the request is written. */
  async earlier(tool: string, args: Record<string, unknown>): Promise<void> {
    const assistant = await startAssistant(this.#args, { env: this.#env });
    await assistant.result(tool, args).finally(() => assistant.close());
  }

  /** Lets the clouds' time pass, in milliseconds of their clock's. */
  pass(ms: number): void {
    this.#clock.skipped += ms;
  }

  /** By its remark, or by a domain that it was applied for. */
  certificate(aliasOrDomain: string): StoredSslCertificate {
    const all = [...this.sandbox.account.ssl.certificates.values()];
    const found =
      all.find(({ alias }) => alias === aliasOrDomain) ??
      all.find(({ order }) => order?.application?.names.includes(aliasOrDomain));
    if (found === undefined) throw new Error(`the sandbox has no certificate ${aliasOrDomain}`);
    return found;
  }

  /** SHA-256 of a certificate at Tencent Cloud. */
  sha256(aliasOrDomain: string): string {
    return fingerprint(this.certificate(aliasOrDomain).material?.certificatePem ?? "");
  }

  /** What each address of the edge serves under a name, by a handshake of this process: SHA-256, or none. */
  served(domain: string): Promise<string[]> {
    const { addresses, rootPem } = this.sandbox.edge;
    return Promise.all(addresses.map((each) => servedAt(each, domain, rootPem)));
  }

  host(name: string) {
    const hosts = [...this.sandbox.account.zones.values()].flatMap((zone) => [...zone.hosts.values()]);
    return hosts.find((host) => host.name === name);
  }

  async close(): Promise<void> {
    await this.#assistant?.close();
    await this.sandbox.close();
  }
}

interface Fresh {
  readonly folder: string;
  readonly pem: string;
}

/** New certificates for *.example.com (ECC and RSA) and *.cdn.example.com with their keys, and a key that is another's. */
async function writeFiles({ account, edge }: Sandbox): Promise<Fresh> {
  const folder = mkdtempSync(join(tmpdir(), "cloudcert-transcript-"));
  const now = account.clock.now();
  const lifetime = { notBefore: daysFrom(now, -1), notAfter: daysFrom(now, 180) };
  const issue = (key: KeyKind, ...names: string[]) => account.authority.issue({ names, key, ...lifetime });
  const [fresh, other, rsa, cdn] = await Promise.all([
    issue("EC-P256", "example.com", "*.example.com"),
    issue("EC-P256", "example.com", "*.example.com"),
    issue("RSA-2048", "example.com", "*.example.com"),
    issue("EC-P256", "*.cdn.example.com"),
  ]);
  writeFileSync(join(folder, "root.pem"), edge.rootPem);
  for (const [name, pair] of Object.entries({ new: fresh, rsa, cdn })) {
    writeFileSync(join(folder, `${name}.crt`), pair.certificatePem);
    writeFileSync(join(folder, `${name}.key`), pair.privateKeyPem, { mode: 0o600 });
  }
  writeFileSync(join(folder, "other.key"), other.privateKeyPem, { mode: 0o600 });
  return { folder, pem: fresh.certificatePem };
}

async function servedAt(at: { address: string; port: number }, servername: string, ca: string): Promise<string> {
  const socket = connect({ host: at.address, port: at.port, servername, ca });
  try {
    await once(socket, "secureConnect");
    return plain(socket.getPeerCertificate().fingerprint256);
  } catch {
    return "none";
  } finally {
    socket.destroy();
  }
}

/** SHA-256 of the first certificate in the text, lower-case hexadecimal. */
export function fingerprint(pem: string): string {
  return plain(new X509Certificate(pem).fingerprint256);
}

const plain = (text: string) => text.replaceAll(":", "").toLowerCase();

/** The key that the certificate is for, however often it was issued. */
export function publicKeyOf(pem: string): string {
  const der = new X509Certificate(pem).publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("hex");
}

/** What a domain of Alibaba Cloud or Huawei Cloud was told to serve: SHA-256, if the key that came along fits. */
export function toldTo(domain: DeliveryDomain | undefined): string | undefined {
  const pem = domain?.certificate?.certificatePem ?? "";
  return parseSandboxCertificate(pem) && fingerprint(pem);
}
