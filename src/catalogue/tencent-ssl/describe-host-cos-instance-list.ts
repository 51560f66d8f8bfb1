import { defineRead } from "../operation.js";
import { struct } from "../params.js";
import { int, reply, rows } from "../results.js";
import { tencentSsl } from "../services.js";
import {
  asyncMembers,
  heldNow,
  hostListPages,
  hostListPaging,
  hostListRefresh,
  longHostListErrors,
  ofProduct,
} from "./host-lists.js";
import { cosInstanceDetail } from "./types-resources.js";

export const describeHostCosInstanceList = defineRead({
  name: "DescribeHostCosInstanceList",
  service: tencentSsl,
  title: "List COS domains for a certificate",
  titleInChinese: "查询证书可部署的 COS 域名",
  summary: "COS domains that a certificate could be deployed to; with OldCertificateId those that hold it now.",
  effect: "read",
  retry: "read",
  sites: ["mainland"],
  params: struct({
    ...ofProduct("cos"),
    ...heldNow(),
    ...hostListPages(),
    ...hostListRefresh(),
  }),
  example: { CertificateId: "8xZ3kQ1p", OldCertificateId: "5mT7wB2c", IsCache: 0 },
  result: reply({ InstanceList: rows(cosInstanceDetail), TotalCount: int(), ...asyncMembers }),
  replyFacts: hostListPaging,
  errors: longHostListErrors,
});
