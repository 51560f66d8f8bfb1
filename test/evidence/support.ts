import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuditEntry } from "../../src/audit/entry.js";
import { AuditLog } from "../../src/audit/log.js";
import { auditFiles } from "../../src/audit/read-log.js";
import { collectEvidence, type Until } from "../../src/evidence/collect.js";
import { JobFiles } from "../../src/jobs/job-files.js";
import { Journal } from "../../src/jobs/journal.js";
import { encodeSighting, type SeenServed, type Sighting, sightingFrom } from "../../src/jobs/sightings.js";
import { sha256Hex } from "../../src/lib/sha256.js";
import type { ServedCertificate } from "../../src/tls-check/tls-check.js";
import { material, sha1, sha256 } from "../tls-check/support.js";

export const job = "1a2b3c4d";
const begun = Date.UTC(2026, 10, 28, 10);

/** An audit log of several files and a journal, as a server writes them for a job among other calls. */
export class Records {
  readonly folder = mkdtempSync(join(tmpdir(), "cc-evidence-"));
  readonly path = join(this.folder, "audit.jsonl");
  readonly files = new JobFiles(join(this.folder, "jobs"));
  readonly journal = new Journal(this.files, () => this.now());
  #elapsed = 0;
  readonly #log = new AuditLog(this.path, { redact: (json) => json, now: () => this.now(), maxBytes: 2_500 });

  now(): Date {
    this.#elapsed += 1_000;
    return new Date(begun + this.#elapsed);
  }

  setBack(ms: number): void {
    this.#elapsed -= ms;
  }

  append(...entries: readonly AuditEntry[]): Promise<unknown> {
    return Promise.all(entries.map((entry) => this.#log.append(entry)));
  }

  plan(planId: string, operation = "deploy_certificate"): Promise<unknown> {
    return this.append(
      {
        event: "plan",
        planId,
        operation,
        effect: "traffic",
        objects: 1,
        question: "Serve the certificate example.com on 1 target?",
        warnings: ["It ends in 5 days."],
        changes: ["CDN domain www.example.com, HTTPS: the old one → the new one"],
        arguments: "a".repeat(64),
        service: "jobs",
        account: "local user",
      },
      { event: "decision", planId, channel: "page", verdict: "approved", tookMs: 4_200 },
    );
  }

  open(planId: string, kind: "deployment" | "rollback" | "deletion" = "deployment", id = job): Promise<unknown> {
    const of = kind === "rollback" ? { of: job } : {};
    return this.append({ event: "job", planId, job: id, kind, ...of, certificate: sha256(material.now) });
  }

  send(planId: string, requestId: string, step = "CDN domain www.example.com, SetCdnDomainSSLCertificate") {
    return this.append(
      { event: "sending", planId, step },
      { event: "outcome", planId, step, sent: "yes", ok: true, changed: "yes", requestId },
    );
  }

  /** Keeps a look in journal and log, or in one of them only. */
  async see(when: Sighting["when"], leaf: typeof material.now, id = job): Promise<SeenServed> {
    const about = { job: id, target: "CDN domain www.example.com", domain: "www.example.com", when };
    const addresses = ["192.0.2.1", "192.0.2.2"].map((address) => ({ address, certificates: [served(leaf)] }));
    const report = { domain: about.domain, at: this.now().toISOString(), addresses };
    const seen = sightingFrom(report, { ...about, expected: sha256(material.now) });
    if (seen === undefined) throw new Error("it has a time");
    await this.journal.sightings.add(id, [seen]);
    await this.append({ event: "seen", ...about, look: sha256Hex(encodeSighting(seen.sighting)) });
    return seen;
  }

  /** Other calls, before, between and after. */
  async other(planId: string): Promise<void> {
    await this.plan(planId, "ModifyCertificateAlias");
    await this.send(planId, `r-${planId}`, "one");
  }

  evidence(until: Until = "end", id = job) {
    return collectEvidence(id, auditFiles(this.path), this.journal, until);
  }

  /** A whole deployment among other calls. */
  static async deployed(): Promise<Records> {
    const records = new Records();
    await records.other("other001");
    await records.plan("plan0001");
    await records.open("plan0001");
    await records.see("before", material.before);
    await records.other("other002");
    await records.send("plan0001", "request-1");
    await records.see("after", material.now);
    await records.other("other003");
    return records;
  }
}

function served(leaf: typeof material.now): ServedCertificate {
  const encoded = [leaf, material.middle].map(({ pem }) => new X509Certificate(pem).raw);
  return {
    algorithm: "ECDSA",
    key: "EC prime256v1",
    strength: 128,
    clients: ["default"],
    sha256: sha256(leaf),
    sha1: sha1(leaf),
    names: ["www.example.com"],
    issuer: "CN=Issuing CA",
    notBefore: "2026-01-01T00:00:00.000Z",
    notAfter: "2027-01-01T00:00:00.000Z",
    daysLeft: 34,
    encoded,
    chain: [],
    chainOrder: "right",
    sent: { intermediates: [], flaws: [] },
    trusted: true,
  };
}

export const operator = generateKeyPairSync("ed25519");
export const stranger = generateKeyPairSync("ed25519");
