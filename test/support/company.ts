import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { connect } from "node:tls";
import { z } from "zod";
import { altersAccount } from "../../src/catalogue/operation.js";
import { JobFiles } from "../../src/jobs/job-files.js";
import { Journal } from "../../src/jobs/journal.js";
import { parseSandboxCertificate } from "../../src/sandbox/certificate.js";
import { plainDomain } from "../../src/sandbox/delivery.js";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/server.js";
import { type Assistant, type AssistantOptions, pointedAt, startAssistant } from "./assistant.js";

const day = 24 * 3600_000;

const certificate = z.object({ sha256: z.string(), certificate_id: z.string().optional() });

/** What deploy_certificate and roll_back report; its certificate's members stand beside the others here. */
export const report = z
  .object({
    job: z.string().optional(),
    summary: z.string(),
    stopped: z.string().optional(),
    certificate: certificate.optional(),
    certificate_taken_back: certificate.optional(),
    targets: z.array(
      z.object({
        target: z.string(),
        state: z.string(),
        says: z.string().optional(),
        code: z.string().optional(),
        record_id: z.number().optional(),
      }),
    ),
    left: z.array(z.string()).optional(),
    cannot_go_back: z.array(z.string()).optional(),
    next: z.string(),
  })
  .transform(({ certificate: deployed, certificate_taken_back: taken = deployed, ...told }) => ({ ...told, ...taken }));
export type Report = z.output<typeof report>;

/** A folder with a certificate that the sandbox's authority issued, and its key beside it. */
export interface Files {
  readonly folder: string;
  readonly chain: string;
  readonly key: string;
  readonly sha256: string;
}

/** A sandbox with the domains of a small company, and a place for a server's files. */
export class Company {
  readonly sandbox: Sandbox;
  readonly home = mkdtempSync(join(tmpdir(), "cc-company-"));
  readonly #rootPath = join(this.home, "root.pem");

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    const { cdn, live } = sandbox.account;
    cdn.set("assets.example.com", plainDomain("assets.example.com", new Date(0)));
    live.set("live.example.com", plainDomain("live.example.com", new Date(0)));
    writeFileSync(this.#rootPath, sandbox.edge.rootPem);
  }

  static async open(options: SandboxOptions = { speed: 600 }): Promise<Company> {
    return new Company(await startSandbox(options));
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }

  /** Id of the certificate with this remark. */
  certificate(alias: string): string {
    const found = [...this.sandbox.account.ssl.certificates.values()].find((each) => each.alias === alias);
    if (found === undefined) throw new Error(`there is no certificate ${alias}`);
    return found.id;
  }

  /** Takes every certificate out of Alibaba Cloud's store in mainland China, until it is restored. */
  emptyStore(): { readonly restore: () => void } {
    const store = this.sandbox.account.cas["cn-hangzhou"];
    const all = store.certificates;
    store.certificates = [];
    return {
      restore: () => {
        store.certificates = all;
      },
    };
  }

  async issue(
    name: string,
    names: readonly string[] = ["example.com", "*.example.com"],
    kind: "EC-P256" | "RSA-2048" = "EC-P256",
    days = 90,
  ): Promise<Files> {
    const issued = await this.sandbox.account.authority.issue({
      names,
      key: kind,
      notBefore: new Date(Date.now() - day),
      notAfter: new Date(Date.now() + days * day),
    });
    const [chain, key] = [join(this.home, `${name}.crt`), join(this.home, `${name}.key`)];
    writeFileSync(chain, issued.certificatePem);
    writeFileSync(key, issued.privateKeyPem, { mode: 0o600 });
    return { folder: this.home, chain, key, sha256: sha256Of(issued.certificatePem) };
  }

  /** A server on this sandbox, with this company's journal; it may be started again after it was killed. */
  assistant(flags: readonly string[] = [], options: AssistantOptions = {}): Promise<Assistant> {
    const { args, env } = pointedAt(this.sandbox);
    const own = { HOME: this.home, NODE_EXTRA_CA_CERTS: this.#rootPath };
    return startAssistant([...args, "--files", this.home, ...flags], {
      ...options,
      env: { ...env, ...own, ...options.env },
    });
  }

  /** The journal as the server left it. */
  get journal(): Journal {
    const folder = join(this.home, ".local", "state", "cloudcert-mcp", "jobs");
    return new Journal(new JobFiles(folder), () => new Date());
  }

  /** What the edge serves for a domain, address by address: SHA-256 of the leaf, undefined for none. */
  served(domain: string): Promise<(string | undefined)[]> {
    return Promise.all(this.sandbox.edge.addresses.map(({ address, port }) => leafAt(address, port, domain)));
  }

  /** The changes that the clouds carried out, a line each: "SetCdnDomainSSLCertificate img.example.com". */
  done(): string[] {
    return this.sandbox.requests
      .filter((request) => altersAccount(request) && request.outcome === "done")
      .map(({ operation, params }) => `${operation} ${subjectIn(params)}`);
  }
}

const subject = z.object({
  Hosts: z.array(z.string()).optional(),
  DomainName: z.string().optional(),
  domain: z.string().optional(),
  OldCertificateId: z.string().optional(),
});

function subjectIn(params: unknown): string {
  const { Hosts, DomainName, domain, OldCertificateId } = subject.parse(params);
  return Hosts?.join() ?? DomainName ?? domain ?? OldCertificateId ?? "";
}

export function sha256Of(pem: string): string {
  return (parseSandboxCertificate(pem)?.leaf.fingerprint256 ?? "").replaceAll(":", "").toLowerCase();
}

function leafAt(host: string, port: number, servername: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, servername, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256?.replaceAll(":", "").toLowerCase());
      socket.destroy();
    });
    socket.once("error", () => resolve(undefined));
  });
}

/** Everything that the company serves under its wildcard: eight targets on five services. */
export function everywhere(company: Company) {
  return [
    { service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["www.example.com", "shop.example.com"] },
    { service: "tencent-ssl", old_certificate_id: company.certificate("storefront"), resource_types: ["cdn"] },
    { service: "alibaba-cdn", domains: ["img.example.com", "assets.example.com"] },
    { service: "alibaba-vod", domains: ["vod.example.com"] },
    { service: "huawei-live", domains: ["play.example.com", "live.example.com"], force_redirect: false },
  ];
}

export const domains = [
  "www.example.com",
  "shop.example.com",
  "static.example.com",
  "img.example.com",
  "assets.example.com",
  "vod.example.com",
  "play.example.com",
  "live.example.com",
];

export const referring = ({ chain, key }: Files) => ({ certificate: `file:${chain}`, private_key: `file:${key}` });

/** Seldom enough to leave the computer to that process. In milliseconds. */
const LOOK_AGAIN = 25;

/** Waits for what comes about by itself in another process. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await setTimeout(LOOK_AGAIN);
}
