import { defineRead } from "../operation.js";
import { struct } from "../params.js";
import { int, reply, rows } from "../results.js";
import { tencentSsl } from "../services.js";
import {
  asyncMembers,
  heldNow,
  hostListErrors,
  hostListPages,
  hostListPaging,
  hostListRefresh,
  ofProduct,
} from "./host-lists.js";
import { cdnInstanceDetail } from "./types-resources.js";

export const describeHostCdnInstanceList = defineRead({
  name: "DescribeHostCdnInstanceList",
  service: tencentSsl,
  title: "List CDN domains for a certificate",
  titleInChinese: "查询证书可部署的 CDN 域名",
  summary: "CDN domains that a certificate could be deployed to; with OldCertificateId those that hold it now.",
  effect: "read",
  retry: "read",
  sites: ["mainland"],
  params: struct({
    ...ofProduct("cdn"),
    ...heldNow(),
    ...hostListPages(),
    ...hostListRefresh(),
  }),
  example: { CertificateId: "8xZ3kQ1p", OldCertificateId: "5mT7wB2c", IsCache: 0 },
  result: reply({ InstanceList: rows(cdnInstanceDetail), TotalCount: int(), ...asyncMembers }),
  replyFacts: hostListPaging,
  errors: hostListErrors,
});
