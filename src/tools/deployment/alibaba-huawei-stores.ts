import { getUserCertificateDetail } from "../../catalogue/alibaba-cas/get-user-certificate-detail.js";
import { type CasRegion, casRegions } from "../../catalogue/alibaba-cas/stores.js";
import type { ReplyOf } from "../../catalogue/documented-reply.js";
import { showCertificate } from "../../catalogue/huawei-scm/show-certificate.js";
import type { ReadOperation } from "../../catalogue/operation.js";
import { alibabaCas, huaweiScm, services } from "../../catalogue/services.js";
import type { IdInStore } from "../../catalogue/store-ids.js";
import { readBundle } from "../../certificates/bundle.js";
import { isFingerprint, normalizeFingerprint } from "../../certificates/fingerprint.js";
import { type SentChain, sentChainIn } from "../../certificates/sent-chain.js";
import type { JobTarget } from "../../jobs/job.js";
import { dayMs } from "../../lib/days.js";
import { formatId, formatName, joined } from "../../lib/safe-text.js";
import { unlessFailed, unusable } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { readOnce } from "../cloud-reads.js";
import { namesIn, noHuaweiProject, parseListedTime } from "../inventory/listing.js";
import type { DesiredCertificate, InStore } from "./desired-certificate.js";
import { describeTarget } from "./targets.js";

/*
 * Certificates in the stores of Alibaba Cloud and Huawei Cloud, which a domain of the same cloud takes by their ids: the
 * key stays there. They are told from ids of Tencent Cloud SSL by their form (docs/cloud-behaviour.md 5.6, 6.5).
 */

/** The reads behind it. */
export const inStoreReads: readonly ReadOperation[] = [getUserCertificateDetail, showCertificate];

/** The services whose domains take a certificate from the store. */
export function takesFrom(store: IdInStore, service: JobTarget["service"]): boolean {
  const { cloud } = "scm" in store ? huaweiScm : alibabaCas;
  return services.some((each) => each.id === service && each.cloud === cloud);
}

/** @throws {ToolError} of kind input for targets that cannot take it from there */
export function refuseOtherClouds(id: string, store: IdInStore, targets: readonly JobTarget[]): void {
  const others = targets.filter(({ service }) => !takesFrom(store, service)).map(describeTarget);
  if (others.length === 0) return;
  const { title } = "scm" in store ? huaweiScm : alibabaCas;
  throw unusable(
    `Certificate ${formatId(id)} is at ${title}, and its key does not leave it: ${joined(others)} cannot get it from there.`,
    "For those targets give certificate with private_key as references, or an id at Tencent Cloud SSL; the others can be deployed by this id alone.",
  );
}

/**
 * The certificate to deploy, by its id in a store.
 * @throws {ToolError} if there is none, or several, or it could not be served
 */
export async function desiredInStore(store: IdInStore, context: ToolContext): Promise<DesiredCertificate> {
  return "scm" in store ? fromScm(store.scm, context) : fromCas(store.cas, store.region, context);
}

/** The chain that a store shows of a certificate; undefined where it shows none, as Huawei Cloud's never does. */
export async function chainInStore(store: IdInStore, context: ToolContext): Promise<SentChain | undefined> {
  if ("scm" in store || store.region === undefined) return undefined;
  const at = { CertRegion: store.region, CertId: store.cas };
  const { Cert: pem } = await readOnce(context, getUserCertificateDetail, at);
  return pem ? sentChainIn(pem, context.now()) : undefined;
}

type CasDetail = ReplyOf<typeof getUserCertificateDetail>;

async function fromCas(id: number, given: CasRegion | undefined, context: ToolContext): Promise<DesiredCertificate> {
  const regions = given === undefined ? casRegions : [given];
  const details = await Promise.all(regions.map((region) => detailOf(id, region, context)));
  const found = details.flatMap(({ region, detail }) => (detail ? [{ region, detail }] : []));
  const [first, ...others] = found;
  if (first === undefined) {
    const unread = details.flatMap(({ unread }) => unread ?? []);
    throw unusable(
      `${alibabaCas.title} shows no certificate ${id} in ${regions.join(" or ")}.${unread.length > 0 ? ` Not seen: ${unread.join(" ")}` : ""}`,
      "See find_certificates for the ids. For a certificate at Tencent Cloud SSL whose id has digits alone, use ModifyHostsCertificate or UpdateCertificateInstance.",
    );
  }
  if (others.length > 0) {
    const each = found.map(({ region, detail }) => `${id}-${region} (${casNames(detail).map(formatName).join(", ")})`);
    throw unusable(
      `Certificate ${id} is in both stores of ${alibabaCas.title}: ${each.join("; ")}.`,
      "Ask the person which is meant, and give the id with its store, as it is written here.",
    );
  }
  const { detail, region } = first;
  const pem = detail.Cert ? readBundle(detail.Cert)?.leaf.x509 : undefined;
  const facts = {
    names: casNames(detail),
    notAfter: pem?.notAfter.toISOString() ?? endIn(detail),
    sha256: pem?.sha256,
    sha1: normalizeFingerprint(detail.Fingerprint ?? ""),
    algorithm: detail.Algorithm ?? "",
    ended: detail.Expired === true,
  };
  return desired(`${id}-${region}`, facts, { cas: id, region }, context);
}

/** What a store says; or why it could not be read, unless it says that it has none. */
function detailOf(CertId: number, region: CasRegion, context: ToolContext) {
  const reading = readOnce(context, getUserCertificateDetail, { CertRegion: region, CertId });
  const look = reading.then((detail) => ({ region, detail, unread: undefined }));
  return unlessFailed(look, ({ details: { code, happened } }) => {
    return { region, detail: undefined, unread: code === "NotFound" ? undefined : happened };
  });
}

const casNames = ({ Common, Sans }: CasDetail) => namesIn([Common, Sans]);

/** The examples of the milliseconds have a digit too many (docs/cloud-behaviour.md 5.6), so the day has to agree. */
function endIn({ NotAfter, EndDate }: CasDetail): string | undefined {
  const day = parseListedTime(EndDate);
  const exact = [NotAfter ?? 0, (NotAfter ?? 0) / 10].find(
    (ms) => day !== undefined && Math.abs(ms - Date.parse(day)) <= 2 * dayMs,
  );
  return exact === undefined ? day : new Date(exact).toISOString();
}

async function fromScm(id: string, context: ToolContext): Promise<DesiredCertificate> {
  const { huaweiProjectId: project_id } = context;
  if (project_id === undefined) {
    throw unusable(`${huaweiScm.title} cannot be read: ${noHuaweiProject}`);
  }
  const shown = await readOnce(context, showCertificate, { project_id, certificate_id: id });
  const { status, domain, sans, not_after, fingerprint, signature_algorithm: algorithm } = shown;
  if (status !== "ISSUED" && status !== "UPLOAD") {
    throw unusable(
      `Certificate ${id} cannot be deployed: its status at ${huaweiScm.title} is ${status ?? "not shown"}.`,
      "Choose another: see find_certificates.",
    );
  }
  const facts = {
    names: namesIn([domain, sans]),
    notAfter: parseListedTime(not_after),
    sha1: normalizeFingerprint(fingerprint ?? ""),
    algorithm: algorithm ?? "",
  };
  return desired(id, facts, { scm: id }, context);
}

interface Facts {
  readonly names: readonly string[];
  readonly notAfter: string | undefined;
  readonly sha256?: string | undefined;
  readonly sha1: string;
  readonly algorithm: string;
  readonly ended?: boolean;
}

function desired(
  id: string,
  { names, notAfter, sha256, sha1, algorithm, ended }: Facts,
  inStore: InStore,
  { now }: ToolContext,
): DesiredCertificate {
  const cannot = (why: string) => unusable(`Certificate ${formatId(id)} cannot be deployed: ${why}.`);
  if (names.length === 0 || notAfter === undefined) throw cannot("its store does not show its names or its expiry");
  // A day is over everywhere half a day after its end in UTC.
  const last = notAfter.includes("T") ? Date.parse(notAfter) : Date.parse(notAfter) + 1.5 * dayMs;
  if (ended || last <= now().getTime()) throw cannot(`it expired on ${notAfter.slice(0, 10)}`);
  // A SHA-1 tells certificates apart as well; everything that compares what is served takes either.
  const fingerprint = sha256 ?? sha1;
  if (!isFingerprint(fingerprint)) {
    throw cannot("its store shows no fingerprint, so nobody could tell whether it is served");
  }
  return {
    facts: {
      sha256: fingerprint,
      ...(/^[0-9a-f]{40}$/.test(sha1) && { sha1 }),
      names: [...names],
      notAfter: new Date(notAfter).toISOString(),
      storedAs: id,
      source: {},
    },
    algorithm,
    incomplete: false,
    certificates: 1,
    inStore,
  };
}
