import { defineRead } from "../operation.js";
import { struct } from "../params.js";
import { int, reply, rows } from "../results.js";
import { tencentSsl } from "../services.js";
import {
  asyncMembers,
  heldNow,
  hostListBasics,
  hostListPages,
  hostListPaging,
  hostListRefresh,
  longHostListErrors,
} from "./host-lists.js";
import { clbInstanceDetail } from "./types-resources.js";

export const describeHostClbInstanceList = defineRead({
  name: "DescribeHostClbInstanceList",
  service: tencentSsl,
  title: "List load balancers for a certificate",
  titleInChinese: "查询证书可部署的负载均衡",
  summary: "Load balancers that a certificate could be deployed to; with OldCertificateId those that hold it now.",
  effect: "read",
  retry: "read",
  sites: ["mainland"],
  params: struct({
    ...hostListBasics(),
    ...heldNow(),
    ...hostListPages(),
    ...hostListRefresh(),
  }),
  example: { CertificateId: "8xZ3kQ1p", OldCertificateId: "5mT7wB2c", IsCache: 0 },
  result: reply({ InstanceList: rows(clbInstanceDetail), TotalCount: int(), ...asyncMembers }),
  replyFacts: hostListPaging,
  errors: longHostListErrors,
});
