import { defineRead } from "../operation.js";
import { struct } from "../params.js";
import { int, reply, rows } from "../results.js";
import { tencentSsl } from "../services.js";
import { hostListErrors, ofProduct } from "./host-lists.js";
import { lighthouseInstanceDetail } from "./types-resources.js";

export const describeHostLighthouseInstanceList = defineRead({
  name: "DescribeHostLighthouseInstanceList",
  service: tencentSsl,
  title: "List Lighthouse servers for a certificate",
  titleInChinese: "查询证书可部署的轻量应用服务器",
  summary: "Lighthouse servers that a certificate could be deployed to, not what they have now.",
  effect: "read",
  retry: "read",
  sites: ["mainland"],
  params: struct({
    ...ofProduct("lighthouse"),
  }),
  example: { CertificateId: "8xZ3kQ1p", IsCache: 0 },
  result: reply({ InstanceList: rows(lighthouseInstanceDetail), TotalCount: int() }),
  errors: hostListErrors,
});
