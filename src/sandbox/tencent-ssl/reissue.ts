import { replaceCertificate } from "../../catalogue/tencent-ssl/replace-certificate.js";
import type { Account } from "../account.js";
import { createCsr } from "../authority.js";
import { CloudError } from "../refusal.js";
import { applyToCa, type CaRequest, customerCsr, midnightOf } from "./application.js";
import { certificateNamesOf, isExpiring } from "./certificate-facts.js";
import { isWildcard } from "./domain-names.js";
import { algorithmOfCsr, keyKindOf } from "./keys.js";
import { addCertificate, reviewStatusFor, setStatus } from "./lifecycle.js";
import { invalidParam, orderOf, ownedCertificate, wrongStatus } from "./lookup.js";
import { logCall, type ParamsOf, sslHandler } from "./ssl-handler.js";
import { type Order, status } from "./state.js";

type Params = ParamsOf<typeof replaceCertificate>;

export const reissueHandlers = [sslHandler(replaceCertificate, replace)];

/** The successor ends when the original does: a reissue does not extend validity. */
async function replace(params: Params, account: Account) {
  const original = reissuable(account, params.CertificateId);
  const { certificate: old, order, material } = original;
  const names = certificateNamesOf(old);
  const now = account.clock.now();
  if (params.ValidType === "FILE" && names.some(isWildcard)) throw invalidParam("FILE cannot prove a wildcard.");
  const request = await signingRequestFor(params, original);
  refuseOtherKeyOfFree(order, request);

  const application = await applyToCa(account, {
    names,
    method: params.ValidType,
    request,
    lifetime: { notBefore: midnightOf(now), notAfter: material.parsed.notAfter },
    appliedAt: now,
  });
  const successor = addCertificate(account, {
    order: { ...order, application },
    status: reviewStatusFor(params.ValidType),
    alias: old.alias,
    projectId: old.projectId,
    tags: old.tags,
    ownKeyPassword: params.CsrkeyPassword !== undefined,
    replacedFor: old.id,
  });
  old.replacedBy = successor.id;
  setStatus(old, status.reissuing, now);
  logCall(account, "replace", old.id);
  return { CertificateId: successor.id };
}

/** An issued certificate with everything that a reissue needs. */
function reissuable(account: Account, id: string) {
  const certificate = ownedCertificate(account, id);
  const { material } = certificate;
  const order = orderOf(certificate);
  if (certificate.replacedBy !== undefined || (order.product.free && certificate.replacedFor !== undefined)) {
    throw new CloudError("FailedOperation.OrderAlreadyReplaced", `Certificate ${id} was reissued already.`);
  }
  if (certificate.status !== status.issued || order.application === undefined || material === undefined) {
    throw wrongStatus(id, "is not issued");
  }
  // The vendor's guide to reissuing (tencentcloud.com/document/product/1007/39749).
  if (isExpiring(certificate, account.clock.now())) {
    throw new CloudError("FailedOperation.OrderReplaceFailed", `Certificate ${id} ends within 30 days: renew it.`);
  }
  return { certificate, order, application: order.application, material };
}

async function signingRequestFor(params: Params, original: ReturnType<typeof reissuable>): Promise<CaRequest> {
  const names = certificateNamesOf(original.certificate);
  switch (params.CsrType ?? "Original") {
    case "Original":
      return { csrPem: original.application.csrPem, privateKeyPem: original.material.privateKeyPem };
    case "Upload":
      return { csrPem: customerCsr(params.CsrContent, "Upload", names[0] ?? ""), privateKeyPem: undefined };
    case "Online":
      return createCsr({ CN: names[0] ?? "" }, names, requestedKey(params));
  }
}

/**
 * ECC may be written ECC1 (docs/cloud-behaviour.md 3.9). SM2 and secp384r1 are documented, but the sandbox's CA
 * cannot make them.
 */
function requestedKey({ CertCSREncryptAlgo: given = "RSA", CertCSRKeyParameter: parameter }: Params) {
  const algorithm = given === "ECC1" ? "ECC" : given;
  const key = keyKindOf(algorithm, parameter ?? (algorithm === "RSA" ? "2048" : "prime256v1"));
  if (key === undefined) throw invalidAlgorithm(`The sandbox makes no ${algorithm} key ${parameter ?? ""}.`);
  return key;
}

/** Documented: a free certificate is reissued with RSA 2048 only. */
function refuseOtherKeyOfFree({ product }: Order, { csrPem }: CaRequest): void {
  if (product.free && algorithmOfCsr(csrPem) !== "RSA 2048") {
    throw invalidAlgorithm("A free certificate is reissued with RSA 2048 only.");
  }
}

function invalidAlgorithm(reason: string): CloudError {
  return new CloudError("InvalidParameter.RenewAlgorithmInvalid", reason);
}
