import { updateCertificateInstance } from "../../catalogue/tencent-ssl/update-certificate-instance.js";
import type { Account } from "../account.js";
import { CloudError } from "../refusal.js";
import type { Binding } from "./bindings.js";
import { pendingRecord, runningDeployments, startUpdate } from "./deployments.js";
import { invalidParam, ownedCertificate, refuseUndeployable } from "./lookup.js";
import { resourceBindingsOf } from "./resources.js";
import { type ParamsOf, sslHandler } from "./ssl-handler.js";
import type { Deployment, StoredSslCertificate } from "./state.js";
import { searchStepTime } from "./timing.js";
import { addUploaded, copiesOf, readUploadedPair } from "./uploads.js";

type Params = ParamsOf<typeof updateCertificateInstance>;

/** What one step searches: one product, in one region if it has regions. */
interface SearchUnit {
  readonly type: string;
  readonly region: string;
}

/** Documented states of such a step (docs/cloud-behaviour.md 3.5). */
const stepStatus = { waiting: 0, done: 1, running: 3 } as const;

/** Products whose regions are required by the documents. */
const regionalTypes: readonly string[] = "clb tke apigateway waf tcb tse cos mqtt scf tdmq".split(" ");

export const oneClickUpdateHandlers = [sslHandler(updateCertificateInstance, update)];

/**
 * Meant to be called repeatedly with the same parameters: the first calls search the resources, and the call after
 * the search creates the deployment record (docs/cloud-behaviour.md 3.5).
 */
function update(params: Params, account: Account) {
  const old = ownedCertificate(account, params.OldCertificateId);
  if (old.kind === "CA") {
    throw new CloudError("FailedOperation.CertificateHostDeployCanNotAllow", "A CA certificate cannot be updated.");
  }
  const units = searchUnits(params);
  const running = runningDeployments(account);
  const same = running.find(({ kind, oldCertificateId }) => kind === "update" && oldCertificateId === old.id);
  if (same !== undefined) {
    return { DeployRecordId: same.id, DeployStatus: 0, UpdateSyncProgress: progressOf(account, old, units, -1) };
  }
  const replacement = replacementFor(params, account, old);
  refusePending(running, old, replacement);

  const step = countScanned(account, old, units);
  const progress = progressOf(account, old, units, step);
  if (step < units.length) return { DeployRecordId: 0, DeployStatus: 1, UpdateSyncProgress: progress };

  const plan = { oldCertificateId: old.id, newCertificateId: replacement.id, ...scopeOf(units) };
  const deployment = startUpdate(account, plan, bindingsIn(account, old, units));
  if (params.ExpiringNotificationSwitch === 1) old.silenced = true;
  return { DeployRecordId: deployment.id, DeployStatus: 1, UpdateSyncProgress: progress };
}

function scopeOf(units: readonly SearchUnit[]) {
  const regions = units.map(({ region }) => region).filter((region) => region !== "");
  return { resourceTypes: typesOf(units), regions: [...new Set(regions)] };
}

function typesOf(units: readonly SearchUnit[]): string[] {
  return [...new Set(units.map(({ type }) => type))];
}

/** Neither certificate may be part of another running update in the opposite role. */
function refusePending(
  running: readonly Deployment[],
  old: StoredSslCertificate,
  replacement: StoredSslCertificate,
): void {
  const crossing = running.some(
    ({ oldCertificateId, newCertificateId }) => newCertificateId === old.id || oldCertificateId === replacement.id,
  );
  if (crossing) throw pendingRecord();
}

/**
 * The catalogue already refuses unknown types; what remains to refuse is an empty list. Every region named anywhere is
 * searched, the most that the documents allow to be read: a call must not be able to mean more than its plan says.
 */
function searchUnits({ ResourceTypes, ResourceTypesRegions = [], Regions: deprecated = [] }: Params): SearchUnit[] {
  if (ResourceTypes.length === 0) {
    throw new CloudError("FailedOperation.CertificateHostResourceTypeInvalid", "No resource type is given.");
  }
  return [...new Set(ResourceTypes)].flatMap((type): SearchUnit[] => {
    if (!regionalTypes.includes(type)) return [{ type, region: "" }];
    const isFor = ({ ResourceType = type }: { readonly ResourceType?: string | undefined }) => ResourceType === type;
    const regions = [...ResourceTypesRegions.filter(isFor).flatMap(({ Regions = [] }) => Regions), ...deprecated];
    if (regions.length === 0) throw invalidParam(`ResourceTypesRegions names no region for ${type}.`);
    return [...new Set(regions)].map((region) => ({ type, region }));
  });
}

/** The certificate to deploy; one given as PEM is first stored, on every call (docs/cloud-behaviour.md 1.5). */
function replacementFor(params: Params, account: Account, old: StoredSslCertificate): StoredSslCertificate {
  const { CertificateId: id, CertificatePublicKey, CertificatePrivateKey } = params;
  if (!CertificatePublicKey !== !CertificatePrivateKey)
    throw invalidParam("Certificate and key must be given together.");
  if (Boolean(id) === Boolean(CertificatePublicKey)) throw invalidParam("Give CertificateId, or certificate and key.");
  if (CertificatePublicKey) return storePem({ ...params, CertificatePublicKey }, account);

  const certificate = ownedCertificate(account, id ?? "");
  if (certificate === old) throw invalidParam("The new certificate is the old one.");
  refuseUndeployable(certificate);
  return certificate;
}

function storePem(params: Params & { readonly CertificatePublicKey: string }, account: Account): StoredSslCertificate {
  const material = readUploadedPair(params);
  const [copy] = copiesOf(account, material);
  if (copy !== undefined && params.Repeatable === false) {
    throw new CloudError("FailedOperation.CertificateExists", `The certificate is stored already, as ${copy.id}.`);
  }
  return addUploaded(account, {
    material,
    tags: params.Tags ?? [],
    projectId: params.ProjectId ?? 0,
    allowDownload: params.AllowDownload ?? true,
  });
}

/**
 * How many units have been searched. The result waits for the next call, however late: with a fast clock, half an hour is
 * less than the pause between two calls.
 */
function countScanned({ ssl, clock }: Account, old: StoredSslCertificate, units: readonly SearchUnit[]): number {
  const subject = JSON.stringify([old.id, units]);
  const start = ssl.searches.get(subject);
  if (start === undefined) {
    ssl.searches.set(subject, clock.now());
    return 0;
  }
  const step = Math.min(Math.floor(clock.since(start) / searchStepTime), units.length);
  if (step === units.length) ssl.searches.delete(subject);
  return step;
}

/** The search results by product and region. `step` is the unit being searched; -1 before the first. */
function progressOf(account: Account, old: StoredSslCertificate, units: readonly SearchUnit[], step: number) {
  const bindings = resourceBindingsOf(account, old.id);
  const regionProgress = (unit: SearchUnit, index: number) => {
    const found = index <= step ? bindings.filter((binding) => isIn(binding, unit)).length : 0;
    return {
      Region: unit.region,
      TotalCount: found,
      OffsetCount: index < step ? found : 0,
      Status: index < step ? stepStatus.done : index === step ? stepStatus.running : stepStatus.waiting,
    };
  };
  return typesOf(units).map((type) => {
    const regions = units.flatMap((unit, index) => (unit.type === type ? [regionProgress(unit, index)] : []));
    return { ResourceType: type, UpdateSyncProgressRegions: regions, Status: overall(regions) };
  });
}

function overall(regions: readonly { readonly Status: number }[]): number {
  if (regions.every(({ Status }) => Status === stepStatus.done)) return stepStatus.done;
  return regions.every(({ Status }) => Status === stepStatus.waiting) ? stepStatus.waiting : stepStatus.running;
}

function bindingsIn(account: Account, old: StoredSslCertificate, units: readonly SearchUnit[]): Binding[] {
  const chosen = resourceBindingsOf(account, old.id).filter((binding) => units.some((unit) => isIn(binding, unit)));
  if (chosen.length === 0) {
    throw new CloudError("FailedOperation.CertificateDeployInstanceEmpty", `None of these resources uses ${old.id}.`);
  }
  return chosen;
}

function isIn({ type, region }: Binding, unit: SearchUnit): boolean {
  return type === unit.type && region === unit.region;
}
