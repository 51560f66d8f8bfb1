import type { z } from "zod";
import { brief, formatId, joined, safe } from "../../lib/safe-text.js";
import type { ArgumentCheck } from "../certificate-arguments.js";
import { negativeIn } from "../failed-in-reply.js";
import { type Finding, finding } from "../finding.js";
import { counted, uniqueNames } from "../naming.js";
import { defineChange, type Warning } from "../operation.js";
import { binary, certificate, choice, flag, integer, keyedList, list, privateKey, struct, text } from "../params.js";
import { newSubject, planned } from "../planned-change.js";
import { array, int, members, reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { caution, loss } from "../warnings.js";
import { productBrand } from "./bound-resources.js";
import { deployRequestStatuses, progressStatuses } from "./code-meanings.js";
import { codes, limitedErrors } from "./error-codes.js";
import {
  certificateId,
  certificateSubject,
  checkCertificateId,
  checkRequiredId,
  invalidParamVerdict,
  tags,
  tencentVerdicts,
} from "./params.js";
import { certificateWithId, unlessDeployable } from "./preconditions.js";

/** The documents require regions for these; `ResourceTypesRegions` accepts the same ones (docs/cloud-behaviour.md 3.5). */
const regionalTypes = ["clb", "tke", "apigateway", "waf", "tcb", "tse", "cos", "mqtt", "scf", "tdmq"] as const;
/** The products that one update can change. */
export const resourceTypes = [...regionalTypes, "cdn", "live", "ddos", "teo", "vod", "gaap"] as const;

const updateSyncProgress = members({
  ResourceType: string(),
  UpdateSyncProgressRegions: array(members({ Region: string(), TotalCount: int(), OffsetCount: int(), Status: int() })),
  Status: int(),
});

const params = struct({
  OldCertificateId: certificateId("Old certificate ID"),
  ResourceTypes: list(choice(resourceTypes, "Type"), "Resources to update"),
  CertificateId: certificateId("New certificate ID; otherwise give both PEM texts").optional(),
  Regions: list(text("Region"), "Deprecated").optional(),
  ResourceTypesRegions: keyedList(
    "ResourceType",
    struct({
      ResourceType: choice(regionalTypes, "Regional type").optional(),
      Regions: list(text("Region"), "Regions").optional(),
    }),
    "Regions of each regional type",
  ).optional(),
  CertificatePublicKey: certificate("Certificate PEM").optional(),
  CertificatePrivateKey: privateKey("Private key PEM").optional(),
  ExpiringNotificationSwitch: binary("Silence the old certificate's expiry reminders").optional(),
  Repeatable: flag("PEM: allow a duplicate").optional(),
  AllowDownload: flag("PEM: allow download").optional(),
  Tags: tags().optional(),
  ProjectId: integer("PEM: project ID").optional(),
});
type Params = z.output<typeof params>;

const replacementOf = ({ CertificateId: id }: Params, format = formatId) =>
  id ? safe`certificate ${format(id)}` : safe`the given PEM certificate`;

/** More products than this are only counted in the question; the plan names them. */
const NAMED_IN_QUESTION = 5;

const typesOf = (types: readonly string[]) => joined(uniqueNames(types).map(productBrand));

export const isRegional = (type: string) => regionalTypes.some((regional) => regional === type);

export const isResourceType = (type: string) => resourceTypes.some((known) => known === type);

/** The regions that the call names for a type of resource; none for a type without regions. */
function regionsOf({ ResourceTypesRegions, Regions: deprecated = [] }: Params, type: string): readonly string[] {
  if (!isRegional(type)) return [];
  if (ResourceTypesRegions === undefined) return uniqueNames(deprecated);
  return uniqueNames(
    ResourceTypesRegions.flatMap(({ ResourceType, Regions }) => (ResourceType === type ? (Regions ?? []) : [])),
  );
}

/** Every type that is updated in some regions only. */
const regionalIn = (p: Params) =>
  uniqueNames(p.ResourceTypes).flatMap((type) => {
    const regions = regionsOf(p, type);
    return regions.length > 0 ? [{ type, regions }] : [];
  });

/** Whether the call includes a resource; without regions, it includes all. */
function isMeantBy(p: Params) {
  return ({ type, region }: { readonly type: string; readonly region: string }) => {
    if (!p.ResourceTypes.some((each) => each === type)) return false;
    const regions = regionsOf(p, type);
    return region === "" || regions.length === 0 || regions.includes(region);
  };
}

/** The plan is compared with what the cloud reports, letter by letter. */
const regionForm = /^[a-z0-9-]+$/;

/** Whether the operation can name it: the cloud also finds a certificate in products that it cannot update. */
export function isUpdatable({ type, region }: { readonly type: string; readonly region: string }): boolean {
  return isResourceType(type) && (!isRegional(type) || regionForm.test(region));
}

/** What the cloud may read otherwise than the plan does, so that it would change what nobody was shown. */
function checkRegions({ ResourceTypes, ResourceTypesRegions, Regions: deprecated }: Params): Finding[] {
  const found = (ResourceTypesRegions ?? []).flatMap(({ ResourceType: type, Regions = [] }, index) => {
    const at = `ResourceTypesRegions.${index}`;
    if (type === undefined) {
      return [finding(`${at}.ResourceType`, "An entry of ResourceTypesRegions names the type it is for.", "error")];
    }
    return [
      ...(ResourceTypes.includes(type)
        ? []
        : [finding(`${at}.ResourceType`, `ResourceTypes does not name ${type}, which has regions here.`, "error")]),
      ...misspelt(`${at}.Regions`, Regions),
    ];
  });
  if (deprecated === undefined) return found;
  if (ResourceTypesRegions !== undefined) {
    return [...found, finding("Regions", "Give ResourceTypesRegions, or the deprecated Regions, not both.", "error")];
  }
  if (!ResourceTypes.some(isRegional)) {
    return [...found, finding("Regions", "None of ResourceTypes has regions.", "error")];
  }
  return [...found, ...misspelt("Regions", deprecated)];
}

const misspelt = (parameter: string, regions: readonly string[]) =>
  regions.every((region) => regionForm.test(region))
    ? []
    : [finding(parameter, "A region is written in small letters, digits and hyphens, as ap-singapore is.", "error")];

function checkPlaces(p: Params): Finding[] {
  if (p.ResourceTypes.length === 0) {
    const prevents = "FailedOperation.CertificateHostResourceTypeInvalid";
    return [finding("ResourceTypes", "ResourceTypes names no type of resource.", { prevents })];
  }
  return uniqueNames(p.ResourceTypes)
    .filter((type) => isRegional(type) && regionsOf(p, type).length === 0)
    .map((type) =>
      finding("ResourceTypesRegions", `ResourceTypesRegions names no region for ${type}.`, invalidParamVerdict),
    );
}

/** Either the id of a stored certificate, or a certificate with its key (docs/cloud-behaviour.md 3.5). */
function checkNew(p: Params): readonly ArgumentCheck[] {
  const { CertificateId: id, CertificatePublicKey: certificate, CertificatePrivateKey: key } = p;
  if (!certificate !== !key) {
    const missing = certificate ? "CertificatePrivateKey" : "CertificatePublicKey";
    const says = "CertificatePublicKey and CertificatePrivateKey are given together.";
    return [finding(missing, says, invalidParamVerdict)];
  }
  if (Boolean(id) === Boolean(certificate)) {
    const says = "Give either CertificateId, or a certificate in PEM with its key.";
    return [finding("CertificateId", says, invalidParamVerdict)];
  }
  if (certificate && key) {
    const given = { parameter: "CertificatePublicKey", pem: certificate };
    const withKey = { ...given, key: { parameter: "CertificatePrivateKey", pem: key } };
    return [{ kind: "pair", ...withKey, verdicts: tencentVerdicts }];
  }
  if (id === p.OldCertificateId) {
    return [finding("CertificateId", "The new certificate is the old one.", invalidParamVerdict)];
  }
  return checkCertificateId("CertificateId", id);
}

export const updateCertificateInstance = defineChange({
  name: "UpdateCertificateInstance",
  service: tencentSsl,
  title: "Replace a certificate on cloud resources",
  titleInChinese: "一键更新证书关联的云资源",
  summary:
    "Serve a new certificate wherever the old one is bound. Asynchronous: repeat unchanged until DeployRecordId > 0, then poll DescribeHostUpdateRecordDetail; deploy_certificate does all of it.",
  effect: "traffic",
  retry: "verify-first",
  params,
  example: {
    OldCertificateId: "5mT7wB2c",
    CertificateId: "8xZ3kQ1p",
    ResourceTypes: ["cdn", "clb"],
    ResourceTypesRegions: [{ ResourceType: "clb", Regions: ["ap-singapore"] }],
  },
  result: reply({
    DeployRecordId: int(),
    DeployStatus: int(),
    UpdateSyncProgress: array(updateSyncProgress),
  }),
  denial: (_, said) => negativeIn(said, "DeployRecordId", "DeployStatus"),
  approvalQuestion: (p) => {
    const regions = uniqueNames(regionalIn(p).flatMap((each) => each.regions)).length;
    const where = regions === 0 ? safe`` : safe` in ${counted(regions, safe`region`)}`;
    const old = brief(p.OldCertificateId, 24);
    const replacement = replacementOf(p, (id) => brief(id, 24));
    const types = uniqueNames(p.ResourceTypes);
    const kinds =
      types.length > NAMED_IN_QUESTION ? safe`resource of ${types.length} products` : safe`${typesOf(types)} resource`;
    return safe`Serve ${replacement} on every ${kinds}${where} that now uses ${old}?`;
  },
  plannedChanges: (p) => {
    const regions = regionalIn(p).flatMap(({ type, regions }) =>
      regions.map((region) => safe`${formatId(type)} in ${formatId(region)}`),
    );
    const where = regions.length === 0 ? safe`` : safe` (${joined(regions)})`;
    const served = safe`${typesOf(p.ResourceTypes)}${where}: served with ${replacementOf(p)} instead`;
    const brings = p.CertificateId ? { ids: [p.CertificateId] } : { pem: p.CertificatePublicKey ?? "" };
    const replaced = planned(certificateSubject(p.OldCertificateId), "bound resources", served, {
      brings,
      each: { then: replacementOf(p), isMeant: isMeantBy(p) },
    });
    if (!p.CertificateId) {
      return [replaced, planned(newSubject(safe`Certificate given as PEM`), "existence", safe`uploaded`)];
    }
    const besides = safe`as now, and those of ${formatId(p.OldCertificateId)}`;
    return [replaced, planned(certificateSubject(p.CertificateId), "bound resources", besides)];
  },
  sideEffect: (p) =>
    p.CertificatePublicKey === undefined
      ? undefined
      : "The given certificate is now stored at Tencent Cloud SSL as well: find_certificates shows it.",
  obstacles: (p, found) => {
    const { OldCertificateId: old, CertificateId: id } = p;
    const obstacles = id ? [...unlessDeployable(id, found)] : [];
    const use = found.certificate(old)?.use;
    if (use === undefined || !use.isWhole) return obstacles;
    const types = typesOf(p.ResourceTypes);
    const isNamed = use.resources.length >= use.total;
    if (use.total === 0 || (isNamed && !use.resources.some(isMeantBy(p)))) {
      const where = use.total === 0 ? safe`no cloud resource` : safe`no resource of ${types} in these regions`;
      obstacles.push({
        says: safe`${where} uses ${certificateWithId(old)}`,
        next: safe`find_certificates (with_bindings) shows what uses which certificate.`,
      });
    }
    return obstacles;
  },
  warnings: (p) => {
    const warnings: Warning[] = [];
    // docs/cloud-behaviour.md 1.5: Repeatable decides between a copy and CertificateExists.
    if (p.CertificatePublicKey !== undefined) {
      const says = safe`Repeating this call with PEM text uploads a copy or fails; UploadCertificate first and pass its ID.`;
      warnings.push(caution(says));
    }
    if (p.ExpiringNotificationSwitch === 1) {
      const old = brief(p.OldCertificateId);
      warnings.push(loss(safe`Expiry reminders for ${old} stop, even if it stays in use.`));
    }
    return warnings;
  },
  replyFacts: {
    meanings: {
      DeployStatus: deployRequestStatuses,
      "UpdateSyncProgress.Status": progressStatuses,
      "UpdateSyncProgress.UpdateSyncProgressRegions.Status": progressStatuses,
    },
  },
  checks: (p) => [
    ...checkRequiredId("OldCertificateId", p.OldCertificateId),
    ...checkRegions(p),
    ...checkPlaces(p),
    ...checkNew(p),
  ],
  storedUses: ({ CertificateId: id }) => (id ? [{ parameter: "CertificateId", id }] : []),
  errors: codes(
    limitedErrors,
    "FailedOperation.CertificateDeployHasPendingRecord",
    "FailedOperation.CertificateDeployInstanceEmpty",
    "FailedOperation.CertificateExists",
    "FailedOperation.CertificateHostDeployCanNotAllow",
    "FailedOperation.CertificateHostResourceInnerInterrupt",
    "FailedOperation.CertificateHostResourceInstanceHugeLimit",
    "FailedOperation.CertificateHostResourceTypeInvalid",
    "FailedOperation.CertificateInvalid",
    "FailedOperation.CertificateMatchError",
    "FailedOperation.CertificateNotAvailable",
    "FailedOperation.CertificateNotDeployInstance",
    "FailedOperation.CertificateParseError",
    "FailedOperation.RoleNotFoundAuthorization",
    "InvalidParameter.WithDetailReason",
    "InvalidParameterValue.IntermediateCertNotSame",
  ),
});
