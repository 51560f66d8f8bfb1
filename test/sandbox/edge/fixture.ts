import { parseSandboxCertificate } from "../../../src/sandbox/certificate.js";
import type { KeyPair } from "../../../src/sandbox/delivery.js";
import { propagationStep, propagationTime } from "../../../src/sandbox/edge/propagation.js";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.js";
import { searchStepTime } from "../../../src/sandbox/tencent-ssl/timing.js";
import { acs3, alibabaOutcome, huaweiOutcome, sdkHmac, send, tc3, tencentOutcome, tencentResult } from "../wire.js";
import { servedFor, type VisitorOptions } from "./visitor.js";

const day = 24 * 3600_000;

/** A sandbox whose clock stands still until told otherwise, with its edge, and the calls that change what it serves. */
export class EdgeFixture {
  readonly sandbox: Sandbox;
  /** An hour ago at first: what is issued during a test is valid by the visitors' clock too. */
  readonly #time: { now: number };

  private constructor(sandbox: Sandbox, time: { now: number }) {
    this.sandbox = sandbox;
    this.#time = time;
  }

  static async open(speed?: number): Promise<EdgeFixture> {
    const time = { now: Date.now() - 3600_000 };
    return new EdgeFixture(await startSandbox({ now: () => time.now, speed }), time);
  }

  wait(milliseconds: number): void {
    this.#time.now += milliseconds;
  }

  /** Until what was changed last has reached this many addresses more. */
  step(count = 1): void {
    this.wait(count * propagationStep);
  }

  /** Until every address has everything. */
  settleDown(): void {
    this.wait(propagationTime);
  }

  served(name: string, options?: VisitorOptions): Promise<(string | undefined)[]> {
    return servedFor(this.sandbox, name, options);
  }

  /**
   * Replaces one certificate on load balancers, CDN and EdgeOne, up to where the record is made.
   * @returns the record's id
   */
  async oneClickUpdate(oldId: string, newId: string): Promise<number> {
    const update = () =>
      this.tencent("UpdateCertificateInstance", {
        OldCertificateId: oldId,
        CertificateId: newId,
        ResourceTypes: ["clb", "cdn", "teo"],
        ResourceTypesRegions: [{ ResourceType: "clb", Regions: ["ap-singapore", "ap-hongkong"] }],
      });
    await update();
    this.wait(4 * searchStepTime);
    return Number((await update()).DeployRecordId);
  }

  /** A certificate for `names`, and its fingerprint. */
  async issue(names: readonly string[], key: "EC-P256" | "RSA-2048" = "EC-P256") {
    const lifetime = { notBefore: new Date(this.#time.now - day), notAfter: new Date(this.#time.now + 90 * day) };
    const pair = await this.sandbox.account.authority.issue({ names, key, ...lifetime });
    return { ...pair, fingerprint: fingerprintOf(pair.certificatePem) };
  }

  async tencent(action: string, params: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const { endpoints } = this.sandbox;
    const endpoint = endpoints[action === "ModifyHostsCertificate" ? "tencent-edgeone" : "tencent-ssl"];
    const answer = await send(tc3(endpoint, action, params, this.#at()));
    expectDone(action, tencentOutcome(answer));
    return tencentResult(answer);
  }

  async alibaba(service: "Cdn" | "Vod", params: Readonly<Record<string, string>>): Promise<void> {
    const endpoint = this.sandbox.endpoints[service === "Cdn" ? "alibaba-cdn" : "alibaba-vod"];
    const action = `Set${service}DomainSSLCertificate`;
    expectDone(action, alibabaOutcome(await send(acs3(endpoint, action, { inForm: params }, this.#at()))));
  }

  alibabaUpload(service: "Cdn" | "Vod", domain: string, { certificatePem, privateKeyPem }: KeyPair): Promise<void> {
    const pair = { SSLPub: certificatePem, SSLPri: privateKeyPem };
    return this.alibaba(service, { DomainName: domain, SSLProtocol: "on", CertType: "upload", ...pair });
  }

  async huawei(domain: string, params: Readonly<Record<string, unknown>>): Promise<void> {
    const wire = sdkHmac(this.sandbox.endpoints["huawei-live"], domain, params, this.#at());
    expectDone("UpdateDomainHttpsCert", huaweiOutcome(await send(wire)));
  }

  /** Sets the server certificates of EdgeOne host www.example.com, or of another. */
  edgeone(Mode: string, certificateIds: readonly string[] = [], host = "www.example.com"): Promise<unknown> {
    const ServerCertInfo = certificateIds.map((CertId) => ({ CertId }));
    const params = { ZoneId: "zone-sandboxdemo", Hosts: [host], Mode };
    return this.tencent("ModifyHostsCertificate", { ...params, ...(ServerCertInfo.length > 0 && { ServerCertInfo }) });
  }

  /** The seeded certificate of the SSL service that has this remark. */
  seeded(alias: string): { readonly id: string; readonly fingerprint: string } {
    const found = [...this.sandbox.account.ssl.certificates.values()].find(
      (certificate) => certificate.alias === alias,
    );
    if (found?.material === undefined) throw new Error(`no certificate is called ${alias}`);
    return { id: found.id, fingerprint: found.material.parsed.fingerprint };
  }

  async upload({ certificatePem, privateKeyPem }: KeyPair): Promise<string> {
    const pair = { CertificatePublicKey: certificatePem, CertificatePrivateKey: privateKeyPem };
    return String((await this.tencent("UploadCertificate", pair)).CertificateId);
  }

  #at() {
    return { time: new Date(this.#time.now) };
  }
}

export function fingerprintOf(certificatePem: string): string {
  const parsed = parseSandboxCertificate(certificatePem);
  if (parsed === undefined) throw new Error("no certificate");
  return parsed.fingerprint;
}

function expectDone(action: string, outcome: string): void {
  if (!outcome.endsWith("done")) throw new Error(`${action} was refused: ${outcome}`);
}
