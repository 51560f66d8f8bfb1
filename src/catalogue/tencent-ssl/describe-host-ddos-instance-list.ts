import { defineRead } from "../operation.js";
import { struct } from "../params.js";
import { int, reply, rows } from "../results.js";
import { tencentSsl } from "../services.js";
import { heldNow, hostListErrors, hostListPages, hostListPaging, ofProduct } from "./host-lists.js";
import { ddosInstanceDetail } from "./types-resources.js";

export const describeHostDdosInstanceList = defineRead({
  name: "DescribeHostDdosInstanceList",
  service: tencentSsl,
  title: "List Anti-DDoS domains for a certificate",
  titleInChinese: "查询证书可部署的 DDoS 高防域名",
  summary: "Anti-DDoS domains that a certificate could be deployed to; with OldCertificateId those that hold it now.",
  effect: "read",
  retry: "read",
  sites: ["mainland"],
  params: struct({
    ...ofProduct("ddos"),
    ...heldNow(),
    ...hostListPages(),
  }),
  example: { CertificateId: "8xZ3kQ1p", OldCertificateId: "5mT7wB2c", IsCache: 0 },
  result: reply({ InstanceList: rows(ddosInstanceDetail), TotalCount: int() }),
  replyFacts: hostListPaging,
  errors: hostListErrors,
});
