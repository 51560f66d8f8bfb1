import { allOperations } from "../../../src/catalogue/index.js";
import { altersAccount } from "../../../src/catalogue/operation.js";
import { itemStatus } from "../../../src/catalogue/tencent-ssl/record-replies.js";
import type { KeyPair } from "../../../src/sandbox/delivery.js";
import type { Sandbox } from "../../../src/sandbox/server.js";
import { startUpdate } from "../../../src/sandbox/tencent-ssl/deployments.js";
import {
  type Deployment,
  type DeploymentItem,
  type StoredSslCertificate,
  status,
} from "../../../src/sandbox/tencent-ssl/state.js";
import { sampleChanges } from "../../support/sample-calls.js";

const reads: ReadonlySet<string> = new Set(
  allOperations.flatMap((operation) => (altersAccount(operation) ? [] : [operation.name])),
);

/** Puts into the sandbox what a call works on, each call's own, so that it can succeed and its effect be told apart. */

const day = 24 * 3600_000;

type Params = Readonly<Record<string, unknown>>;

export interface Staged {
  readonly params: Params;
  /** What the call changes, as it is now; the same text for as long as nothing was changed. */
  readonly look: () => string;
  /** What `look` tells once the change was made once; absent where it only is another text. */
  readonly once?: string;
  /** By what the call's requests are told from others', where it is not the tag. */
  readonly mark?: string;
}

const nothing = () => "";

export class Stage {
  readonly #sandbox: Sandbox;
  readonly #pair: KeyPair;
  /** As they are at the start: later some become due. */
  readonly #seeded: ReadonlyMap<string, StoredSslCertificate>;

  private constructor(sandbox: Sandbox, pair: KeyPair) {
    this.#sandbox = sandbox;
    this.#pair = pair;
    this.#seeded = new Map([...sandbox.account.ssl.certificates].map(([id, seeded]) => [id, { ...seeded }]));
  }

  /** @param named how calls name the key of their certificate; as it is when absent */
  static async open(sandbox: Sandbox, named: (privateKeyPem: string) => string = (pem) => pem): Promise<Stage> {
    const pair = await sandbox.account.authority.issue({
      names: ["*.example.com"],
      notBefore: new Date(Date.now() - day),
      notAfter: new Date(Date.now() + 90 * day),
      key: "EC-P256",
    });
    return new Stage(sandbox, { ...pair, privateKeyPem: named(pair.privateKeyPem) });
  }

  /** Takes away what earlier calls made, for the clouds limit how much there may be. */
  clear(): void {
    const { certificates, csrs, deployments, bindingTasks } = this.#sandbox.account.ssl;
    for (const id of certificates.keys()) if (!this.#seeded.has(id)) certificates.delete(id);
    csrs.clear();
    deployments.clear();
    bindingTasks.clear();
  }

  /** @param tag eight letters and digits, each call's own */
  for(name: string, tag: string): Staged {
    return (reads.has(name) ? undefined : this.#change(name, tag)) ?? { params: this.#read(name, tag), look: nothing };
  }

  #read(name: string, tag: string): Params {
    const { ssl, clock } = this.#sandbox.account;
    const { id: CertificateId } = this.#copy(tag, "mail");
    switch (name) {
      case "CreateCertificateBindResourceSyncTask":
        return { CertificateIds: [CertificateId], IsCache: 1 };
      case "DescribeCertificateBindResourceTaskDetail":
      case "DescribeCertificateBindResourceTaskResult": {
        const id = ssl.ids.task();
        ssl.bindingTasks.set(id, { id, certificateId: CertificateId, startedAt: clock.now() });
        return name.endsWith("Result") ? { TaskIds: [id] } : { TaskId: id, Limit: "10", Offset: "0" };
      }
      case "DescribeHostUpdateRecordDetail":
        return { DeployRecordId: String(this.#deployment(tag, itemStatus.deployed).id) };
      case "DescribeCSR":
        return { CSRId: this.#csr(tag) };
      case "DescribeCertificates":
      case "DescribeCertificateOperateLogs":
      case "DescribeHostUpdateRecord":
      case "DescribeCSRSet":
        return {};
      default:
        return { CertificateId };
    }
  }

  #change(name: string, tag: string): Staged | undefined {
    const { ssl, cdn, vod, live, zones } = this.#sandbox.account;
    const { certificatePem, privateKeyPem } = this.#pair;
    const sample = sampleChanges[name] ?? {};
    const count = (fits: (certificate: StoredSslCertificate) => boolean) => () =>
      String([...ssl.certificates.values()].filter(fits).length);
    const created = (params: Params, fits: (certificate: StoredSslCertificate) => boolean): Staged => ({
      params,
      look: count(fits),
      once: "1",
    });
    const on = (
      from: StoredSslCertificate,
      show: (certificate: StoredSslCertificate) => unknown,
      params: Params = {},
    ): Staged => ({
      params: { ...sample, CertificateId: from.id, ...params },
      look: () => JSON.stringify(show(ssl.certificates.get(from.id) ?? from)),
    });
    const state = ({ status: now, order }: StoredSslCertificate) => [now, order?.submitted];
    const csr = () => JSON.stringify([...ssl.csrs.values()].filter(({ remark }) => remark === tag).length);
    switch (name) {
      case "ApplyCertificate":
        return created(
          { ...sample, DomainName: `${tag}.org`, Alias: tag, CsrEncryptAlgo: "ECC", CsrKeyParameter: "prime256v1" },
          ({ alias }) => alias === tag,
        );
      case "UploadCertificate":
        return created(
          { CertificatePublicKey: certificatePem, CertificatePrivateKey: privateKeyPem, Alias: tag },
          ({ alias }) => alias === tag,
        );
      case "CreateCertificate":
        return created({ ...sample, Tags: [{ TagKey: "call", TagValue: tag }] }, ({ tags }) =>
          tags.some(({ TagValue }) => TagValue === tag),
        );
      case "ReplaceCertificate": {
        const { id } = this.#copy(tag, "blog.example.com");
        return created({ ...sample, CertificateId: id }, ({ replacedFor }) => replacedFor === id);
      }
      case "CancelAuditCertificate":
      case "CancelCertificateOrder":
        return on(this.#copy(tag, "preview.example.org"), state);
      case "SubmitCertificateInformation":
        return on(this.#copy(tag, "for the new shop"), state, {
          CertificateDomain: "*.new.example.com",
          OrganizationName: tag,
        });
      case "CommitCertificateInformation":
        return on(this.#copy(tag, "secure.example.com", { status: status.awaitingDocuments }), state);
      case "UploadConfirmLetter":
        return on(this.#copy(tag, "secure.example.com"), state);
      case "ModifyCertificateResubmit":
        return on(this.#copy(tag, "for the new shop", { status: status.cancelled }), state);
      case "ModifyCertificateAlias":
        return on(this.#copy(tag, "mail"), ({ alias }) => alias, { Alias: `now ${tag}` });
      case "ModifyCertificateProject": {
        const { id } = this.#copy(tag, "mail");
        const look = () => String(ssl.certificates.get(id)?.projectId);
        return { params: { CertificateIdList: [id], ProjectId: 7 }, look, once: "7" };
      }
      case "DeleteCertificate": {
        const { id } = this.#copy(tag, "mail");
        return { params: { CertificateId: id }, look: () => String(ssl.certificates.has(id)), once: "false" };
      }
      case "CreateCSR": {
        const kind = { EncryptAlgo: "ECC", KeyParameter: "prime256v1", Generate: false };
        return { params: { ...sample, ...kind, Remark: tag }, look: csr, once: "1" };
      }
      case "ModifyCSR":
        return { params: { CSRId: this.#csr("before"), Generate: false, Remark: tag }, look: csr, once: "1" };
      case "BatchDeleteCSR": {
        const id = this.#csr(tag);
        const look = () => String(ssl.csrs.has(id));
        return { params: { CSRIds: [id] }, look, once: "false", mark: `"CSRIds":[${id}]` };
      }
      case "ModifyHostsCertificate": {
        const hosts = zones.get("zone-sandboxdemo")?.hosts;
        const host = hosts?.get("www.example.com");
        const own = `${tag}.example.com`;
        if (host !== undefined) hosts?.set(own, { ...host, name: own, mode: "sslcert" });
        return { params: { ...sample, Hosts: [own] }, look: () => String(hosts?.get(own)?.mode), once: "disable" };
      }
      case "SetCdnDomainSSLCertificate":
      case "SetVodDomainSSLCertificate":
      case "UpdateDomainHttpsCert": {
        const { domains, model, params } = {
          SetCdnDomainSSLCertificate: { domains: cdn, model: "img.example.com", params: { SSLProtocol: "off" } },
          SetVodDomainSSLCertificate: { domains: vod, model: "vod.example.com", params: { SSLProtocol: "off" } },
          UpdateDomainHttpsCert: {
            domains: live,
            model: "play.example.com",
            params: {
              project_id: "sandboxproject",
              tls_certificate: { source: "user", certificate: certificatePem, certificate_key: privateKeyPem },
            },
          },
        }[name];
        const own = `${tag}.example.com`;
        const domain = domains.get(model);
        if (domain !== undefined) domains.set(own, { ...domain, name: own });
        const look = () => `${domains.get(own)?.https} ${domains.get(own)?.certificate?.certificatePem}`;
        return { params: { ...params, [name === "UpdateDomainHttpsCert" ? "domain" : "DomainName"]: own }, look };
      }
      case "UpdateCertificateInstance": {
        const { id } = this.#copy(tag, "storefront");
        const next = [...ssl.certificates.values()].find(({ alias }) => alias === "storefront, next");
        // The first call begins to look through the resources.
        const look = () => String([...ssl.searches.keys()].filter((subject) => subject.includes(tag)).length);
        const params = { OldCertificateId: id, CertificateId: next?.id, ResourceTypes: ["cdn"] };
        return { params, look, once: "1" };
      }
      case "UpdateCertificateRecordRetry": {
        const { id, items } = this.#deployment(tag, itemStatus.failed);
        const look = () => String(items.map(({ queuedAt }) => queuedAt.getTime()));
        return { params: { DeployRecordId: id }, look, mark: `{"DeployRecordId":${id}}` };
      }
      case "UpdateCertificateRecordRollback": {
        const { id } = this.#deployment(tag, itemStatus.deployed);
        const look = () =>
          String(
            [...ssl.deployments.values()].filter((one) => one.kind === "rollback" && one.oldCertificateId === tag)
              .length,
          );
        return { params: { DeployRecordId: id }, look, once: "1", mark: `{"DeployRecordId":${id}}` };
      }
      default:
        return sampleChanges[name] === undefined ? undefined : { params: sample, look: nothing };
    }
  }

  /** A copy of what is seeded under the name or remark. */
  #copy(id: string, seeded: string, changes: Partial<StoredSslCertificate> = {}): StoredSslCertificate {
    const { certificates } = this.#sandbox.account.ssl;
    const found = [...this.#seeded.values()].find(
      ({ alias, order }) => alias === seeded || order?.application?.names[0] === seeded,
    );
    if (found === undefined) throw new Error(`nothing is seeded under ${seeded}`);
    const copy = {
      ...found,
      id,
      ...(found.order && { order: { ...found.order } }),
      // Nothing becomes due by itself, however fast the sandbox's time passes.
      statusSince: new Date(Date.now() + day),
      ...changes,
    };
    certificates.set(id, copy);
    return copy;
  }

  /** A finished deployment of one resource to the certificate `newCertificateId`. */
  #deployment(newCertificateId: string, reached: DeploymentItem["status"]): Deployment {
    const { account } = this.#sandbox;
    const { id } = this.#copy(newCertificateId, "storefront, next");
    const binding = {
      type: "cdn",
      region: "",
      domains: [],
      serves: () => true,
      replace() {},
      obstacle: () => undefined,
    } as const;
    const plan = { oldCertificateId: id, newCertificateId: id, resourceTypes: ["cdn"], regions: [] };
    const deployment = startUpdate(account, plan, [binding]);
    for (const item of deployment.items) {
      item.status = reached;
      item.queuedAt = new Date(Date.now() - day);
    }
    return deployment;
  }

  #csr(remark: string): number {
    const { csrs, ids } = this.#sandbox.account.ssl;
    const id = ids.csr();
    csrs.set(id, {
      id,
      createdAt: new Date(),
      subject: {
        Domain: "csr.example.com",
        Organization: "Example Ltd",
        Department: "IT",
        Email: "it@example.com",
        Province: "Singapore",
        City: "Singapore",
        Country: "SG",
      },
      encryptAlgo: "ECC",
      keyParameter: "prime256v1",
      remark,
      keyPassword: undefined,
    });
    return id;
  }
}
