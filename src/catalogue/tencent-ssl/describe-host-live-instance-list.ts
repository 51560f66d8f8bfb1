import { defineRead } from "../operation.js";
import { struct } from "../params.js";
import { reply, rows } from "../results.js";
import { tencentSsl } from "../services.js";
import { heldNow, hostListErrors, ofProduct } from "./host-lists.js";
import { liveInstanceDetail } from "./types-resources.js";

export const describeHostLiveInstanceList = defineRead({
  name: "DescribeHostLiveInstanceList",
  service: tencentSsl,
  title: "List Live domains for a certificate",
  titleInChinese: "查询证书可部署的直播域名",
  summary: "Live domains that a certificate could be deployed to; with OldCertificateId those that hold it now.",
  effect: "read",
  retry: "read",
  sites: ["mainland"],
  params: struct({
    ...ofProduct("live"),
    ...heldNow(),
  }),
  example: { CertificateId: "8xZ3kQ1p", OldCertificateId: "5mT7wB2c", IsCache: 0 },
  result: reply({ InstanceList: rows(liveInstanceDetail) }),
  errors: hostListErrors,
});
