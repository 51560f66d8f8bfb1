import { defineRead } from "../operation.js";
import { choice, integer, struct, text } from "../params.js";
import { bool, int, members, reply, rows, string } from "../results.js";
import { alibabaCas } from "../services.js";
import { casErrors, casRegion, casStores } from "./stores.js";

/** Named after orders, which it lists by default; CERT lists certificates (docs/cloud-behaviour.md 5.6). */
export const listUserCertificateOrder = defineRead({
  name: "ListUserCertificateOrder",
  service: alibabaCas,
  title: "List certificates at Alibaba Cloud",
  titleInChinese: "查询证书列表",
  summary:
    "Certificates (OrderType CERT) or orders in one of Alibaba Cloud's two stores. Ended ones only with Status EXPIRED.",
  stores: casStores,
  params: struct({
    CertRegion: casRegion().optional(),
    OrderType: choice(
      ["CERT", "UPLOAD", "CPACK", "BUY"],
      "CERT: certificates; UPLOAD: uploaded ones; CPACK (default), BUY: orders",
    ).optional(),
    Status: text("ISSUED, WILLEXPIRED, EXPIRED; of orders also PAYED, CHECKING, …").optional(),
    Keyword: text("Part of a domain or instance ID").optional(),
    ResourceGroupId: text("Resource group").optional(),
    CurrentPage: integer("From 1", { min: 1, max: 100_000 }).optional(),
    ShowSize: integer("Default 50", { min: 1, max: 1_000 }).optional(),
  }),
  example: { OrderType: "CERT", CurrentPage: 1, ShowSize: 50 },
  result: reply({
    TotalCount: int(),
    CurrentPage: int(),
    ShowSize: int(),
    CertificateOrderList: rows(
      members({
        CertificateId: int(),
        Name: string(),
        CommonName: string(),
        Sans: string(),
        Issuer: string(),
        StartDate: string(),
        EndDate: string(),
        Expired: bool(),
        Upload: bool(),
        Fingerprint: string(),
        Sha2: string(),
        SerialNo: string(),
        InstanceId: string(),
        ResourceGroupId: string(),
        Status: string(),
        Domain: string(),
        Algorithm: string(),
      }),
    ),
  }),
  replyFacts: { summary: { leaveOut: ["OrgName", "Country", "Province", "City"] } },
  errors: casErrors,
});
