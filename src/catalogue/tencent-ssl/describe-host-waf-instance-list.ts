import { defineRead } from "../operation.js";
import { struct } from "../params.js";
import { reply, rows } from "../results.js";
import { tencentSsl } from "../services.js";
import { heldNow, hostListErrors, ofProduct } from "./host-lists.js";
import { wafInstanceDetail } from "./types-resources.js";

export const describeHostWafInstanceList = defineRead({
  name: "DescribeHostWafInstanceList",
  service: tencentSsl,
  title: "List WAF domains for a certificate",
  titleInChinese: "查询证书可部署的 WAF 域名",
  summary: "WAF domains that a certificate could be deployed to; with OldCertificateId those that hold it now.",
  effect: "read",
  retry: "read",
  sites: ["mainland"],
  params: struct({
    ...ofProduct("waf"),
    ...heldNow(),
  }),
  example: { CertificateId: "8xZ3kQ1p", OldCertificateId: "5mT7wB2c", IsCache: 0 },
  result: reply({ InstanceList: rows(wafInstanceDetail) }),
  errors: hostListErrors,
});
