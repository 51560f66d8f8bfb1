import type { z } from "zod";
import { updateCertificateInstance } from "../../catalogue/tencent-ssl/update-certificate-instance.js";
import { checkPair } from "../check-pair.js";
import { type Finding, finding } from "../finding.js";
import { checksOf } from "./binding.js";
import { certificateNotFound, checkCertificateId } from "./identifiers.js";
import { tencentVerdicts } from "./tencent-pair.js";

type Params = z.output<typeof updateCertificateInstance.params>;

/** Products for which the documents require regions; `ResourceTypesRegions` accepts the same ones. */
const regionalTypes: readonly string[] = ["clb", "tke", "apigateway", "waf", "tcb", "tse", "cos"];

const invalid = { prevents: "FailedOperation.InvalidParam" };

export const updateCertificateInstanceChecks = checksOf(updateCertificateInstance, checkOld, checkPlaces, checkNew);

function checkOld({ OldCertificateId: id }: Params): Finding[] {
  if (id === "") return [finding("OldCertificateId", "OldCertificateId is empty.", { prevents: certificateNotFound })];
  return checkCertificateId("OldCertificateId", id, certificateNotFound);
}

function checkPlaces({ ResourceTypes, ResourceTypesRegions = [], Regions: deprecated = [] }: Params): Finding[] {
  if (ResourceTypes.length === 0) {
    const prevents = "FailedOperation.CertificateHostResourceTypeInvalid";
    return [finding("ResourceTypes", "ResourceTypes names no type of resource.", { prevents })];
  }
  const regionless = [...new Set(ResourceTypes)].filter((type) => {
    const regions = ResourceTypesRegions.find(({ ResourceType }) => ResourceType === type)?.Regions ?? deprecated;
    return regionalTypes.includes(type) && regions.length === 0;
  });
  return regionless.map((type) =>
    finding("ResourceTypesRegions", `ResourceTypesRegions names no region for ${type}.`, invalid),
  );
}

/** Either the id of a stored certificate, or a certificate with its key (docs/cloud-behaviour.md 3.5). */
function checkNew(params: Params, now: Date): Finding[] {
  const { CertificateId: id, CertificatePublicKey: certificate, CertificatePrivateKey: key } = params;
  if (!certificate !== !key) {
    const missing = certificate ? "CertificatePrivateKey" : "CertificatePublicKey";
    return [finding(missing, "CertificatePublicKey and CertificatePrivateKey are given together.", invalid)];
  }
  if (Boolean(id) === Boolean(certificate)) {
    return [finding("CertificateId", "Give either CertificateId, or a certificate in PEM with its key.", invalid)];
  }
  if (certificate && key) {
    const pair = {
      parameter: "CertificatePublicKey",
      pem: certificate,
      key: { parameter: "CertificatePrivateKey", pem: key },
    };
    return checkPair(pair, tencentVerdicts, now);
  }
  if (id === params.OldCertificateId) {
    return [finding("CertificateId", "The new certificate is the old one.", invalid)];
  }
  return checkCertificateId("CertificateId", id, certificateNotFound);
}
