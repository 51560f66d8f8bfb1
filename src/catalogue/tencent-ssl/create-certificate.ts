import { type SafeText, safe, verbatim } from "../../lib/safe-text.js";
import { defineChange } from "../operation.js";
import { binary, integer, integerChoice, struct } from "../params.js";
import { newSubject, planned } from "../planned-change.js";
import { reply, strings } from "../results.js";
import { tencentSsl } from "../services.js";
import { loss } from "../warnings.js";
import { describeCertificates } from "./describe-certificates.js";
import { packageTypes, productIds } from "./package-types.js";
import { tags } from "./params.js";

/** "TrustAsia DV wildcard (product 12)"; only the number for a product without a documented name. */
function describeProduct(id: number): SafeText {
  const name = packageTypes.get(String(id));
  return name === undefined ? safe`certificate product ${id}` : safe`${verbatim(name)} (product ${id})`;
}

export const createCertificate = defineChange({
  name: "CreateCertificate",
  service: tencentSsl,
  title: "Buy a certificate",
  titleInChinese: "购买付费证书",
  summary:
    "Buy a paid certificate: spends money. Refused unless the operator allows purchases (off by default). Continue with SubmitCertificateInformation.",
  effect: "purchase",
  retry: "never",
  params: struct({
    ProductId: integerChoice(
      productIds,
      "3-61 except 36, mainland also 75-105 with gaps; e.g. 6 SecureSite OV, 9 GeoTrust OV, 12 TrustAsia DV wildcard, 18 GlobalSign OV, 25 WoTrus DV, 48 DNSPod DV",
    ),
    DomainNum: integer("Domains; above 1 for multi-domain products only", { min: 1 }),
    TimeSpan: integer("Years", { min: 1 }),
    AutoVoucher: binary("Spend vouchers, default 1").optional(),
    Tags: tags().optional(),
  }),
  example: { ProductId: 25, DomainNum: 1, TimeSpan: 1 },
  result: reply({ CertificateIds: strings(), DealIds: strings(), ResourceIds: strings() }),
  approvalQuestion: (p) =>
    safe`Buy ${describeProduct(p.ProductId)} for ${p.DomainNum} domain(s) and ${p.TimeSpan} year(s)?`,
  plannedChanges: (p) => {
    const bought = safe`bought for ${p.DomainNum} domain(s) and ${p.TimeSpan} year(s)`;
    return [planned(newSubject(safe`Certificate of product ${p.ProductId}`), "existence", bought)];
  },
  confirmationText: (p) => safe`product ${p.ProductId}`,
  warnings: (p) => [
    loss(safe`The price is not known here, and a purchase cannot be undone from here: refunds are up to the vendor.`),
    ...(p.AutoVoucher === 0 ? [] : [loss(safe`The account's vouchers are used for it (AutoVoucher).`)]),
  ],
  listedIn: describeCertificates,
  errors: [
    "FailedOperation.AuthError",
    "FailedOperation.CannotGetOrder",
    "FailedOperation.InvalidParam",
    "InternalServerError",
    "InternalServerError.BackendResponseError",
    "InvalidParameter",
    "InvalidParameterValue",
    "MissingParameter",
  ],
});
