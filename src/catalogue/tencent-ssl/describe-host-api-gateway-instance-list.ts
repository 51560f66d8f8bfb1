import { defineRead } from "../operation.js";
import { integer, numericText, struct } from "../params.js";
import { int, reply, rows } from "../results.js";
import { tencentSsl } from "../services.js";
import { heldNow, hostListErrors, hostListPaging, ofProduct } from "./host-lists.js";
import { apiGatewayInstanceDetail } from "./types-resources.js";

export const describeHostApiGatewayInstanceList = defineRead({
  name: "DescribeHostApiGatewayInstanceList",
  service: tencentSsl,
  title: "List API Gateway domains for a certificate",
  titleInChinese: "查询证书可部署的 API 网关域名",
  summary: "API Gateway domains that a certificate could be deployed to; with OldCertificateId those that hold it now.",
  effect: "read",
  retry: "read",
  sites: ["mainland"],
  params: struct({
    ...ofProduct("apigateway"),
    ...heldNow(),
    Limit: integer("Default 10", { min: 0, max: 200 }).optional(),
    // Text here, although Limit is a number (docs/cloud-behaviour.md 3.10).
    Offset: numericText("Default 0").optional(),
  }),
  example: { CertificateId: "8xZ3kQ1p", OldCertificateId: "5mT7wB2c", IsCache: 0 },
  result: reply({ InstanceList: rows(apiGatewayInstanceDetail), TotalCount: int() }),
  replyFacts: hostListPaging,
  errors: hostListErrors,
});
