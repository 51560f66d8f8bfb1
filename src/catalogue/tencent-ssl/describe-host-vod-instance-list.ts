import { defineRead } from "../operation.js";
import { struct } from "../params.js";
import { int, reply, rows } from "../results.js";
import { tencentSsl } from "../services.js";
import { heldNow, hostListErrors, ofProduct } from "./host-lists.js";
import { vodInstanceDetail } from "./types-resources.js";

export const describeHostVodInstanceList = defineRead({
  name: "DescribeHostVodInstanceList",
  service: tencentSsl,
  title: "List VOD domains for a certificate",
  titleInChinese: "查询证书可部署的点播域名",
  summary: "VOD domains that a certificate could be deployed to; with OldCertificateId those that hold it now.",
  effect: "read",
  retry: "read",
  sites: ["mainland"],
  params: struct({
    ...ofProduct("vod"),
    ...heldNow(),
  }),
  example: { CertificateId: "8xZ3kQ1p", OldCertificateId: "5mT7wB2c", IsCache: 0 },
  result: reply({ InstanceList: rows(vodInstanceDetail), TotalCount: int() }),
  errors: hostListErrors,
});
