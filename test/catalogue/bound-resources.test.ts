import fc from "fast-check";
import { expect, it } from "vitest";
import { readReply } from "../../src/catalogue/documented-reply.js";
import { describeCounts } from "../../src/catalogue/tencent-ssl/binding-replies.js";
import { instancesIn, productBrand, resourceLines } from "../../src/catalogue/tencent-ssl/bound-resources.js";
import { describeCertificateBindResourceTaskDetail } from "../../src/catalogue/tencent-ssl/describe-certificate-bind-resource-task-detail.js";

/** Products of which the sandbox's account has nothing, in the form that the documents give. */

const everywhere = (...InstanceList: unknown[]) => [{ InstanceList, TotalCount: InstanceList.length, Error: "" }];
const inRegion = (...InstanceList: unknown[]) => [{ Region: "ap-guangzhou", ...everywhere(...InstanceList)[0] }];

const mine = { CertId: "mine0001" };
const other = { CertId: "other001" };

const read = (reply: Readonly<Record<string, unknown>>) => readReply(describeCertificateBindResourceTaskDetail, reply);
const linesIn = (reply: Readonly<Record<string, unknown>>) => {
  const detail = read(reply);
  return detail && resourceLines(detail, "mine0001");
};

it.each([
  [
    "CLB",
    inRegion({
      LoadBalancerId: "lb-1",
      Listeners: [
        { ListenerId: "lbl-1", Certificate: mine, Rules: [{ Domain: "a.example.com", Certificate: null }] },
        {
          ListenerId: "lbl-2",
          Certificate: null,
          Rules: [
            { Domain: "b.example.com", Certificate: mine },
            { Domain: "c.example.com", Certificate: other },
          ],
        },
        { ListenerId: "lbl-3", Certificate: { ...other, CertCaId: "mine0001" }, Rules: null },
      ],
    }),
    [
      "clb ap-guangzhou lb-1/lbl-1 a.example.com",
      "clb ap-guangzhou lb-1/lbl-2 b.example.com",
      "clb ap-guangzhou lb-1/lbl-3",
    ],
  ],
  ["CLB", inRegion({ LoadBalancerId: "lb-1", Listeners: null }), ["clb ap-guangzhou lb-1"]],
  ["CDN", everywhere({ Domain: "a.example.com", ...mine }), ["cdn a.example.com"]],
  ["WAF", inRegion({ Domain: "a.example.com" }), ["waf ap-guangzhou a.example.com"]],
  ["DDOS", everywhere({ Domain: "a.example.com", InstanceId: "bgp-1" }), ["ddos bgp-1 a.example.com"]],
  ["LIVE", everywhere({ Domain: "a.example.com" }), ["live a.example.com"]],
  ["VOD", everywhere({ Domain: "a.example.com" }), ["vod a.example.com"]],
  [
    "TKE",
    inRegion({ ClusterId: "cls-1", NamespaceList: [{ Name: "web", SecretList: [{ Name: "tls" }, { Name: "api" }] }] }),
    ["tke ap-guangzhou cls-1/web/tls", "tke ap-guangzhou cls-1/web/api"],
  ],
  [
    "APIGATEWAY",
    inRegion({ ServiceId: "service-1", Domain: "a.example.com" }),
    ["apigateway ap-guangzhou service-1 a.example.com"],
  ],
  [
    "TCB",
    [
      {
        Region: "ap-guangzhou",
        Environments: [
          {
            Environment: { ID: "env-1" },
            AccessService: { InstanceList: [{ Domain: "a.example.com" }] },
            HostService: null,
          },
        ],
      },
    ],
    ["tcb ap-guangzhou env-1 a.example.com"],
  ],
  ["TEO", everywhere({ Host: "a.example.com", ZoneId: "zone-1" }), ["teo zone-1 a.example.com"]],
  [
    "TSE",
    inRegion({ GatewayId: "gateway-1", CertificateList: [{ Id: "c-1", BindDomains: ["a.example.com", null] }] }),
    ["tse ap-guangzhou gateway-1/c-1 a.example.com"],
  ],
  ["COS", inRegion({ Bucket: "files-1", Domain: "a.example.com" }), ["cos ap-guangzhou files-1 a.example.com"]],
  ["TDMQ", inRegion({ InstanceId: "amqp-1" }), ["tdmq ap-guangzhou amqp-1"]],
  ["MQTT", inRegion({ InstanceId: "mqtt-1" }), ["mqtt ap-guangzhou mqtt-1"]],
  ["GAAP", everywhere({ InstanceId: "link-1", ListenerList: [{ ListenerId: "l-1" }] }), ["gaap link-1/l-1"]],
  ["SCF", inRegion({ Domain: "a.example.com" }), ["scf ap-guangzhou a.example.com"]],
])("%s: %j", (product, regions, lines) => {
  const detail = read({ [product]: regions });
  expect(linesIn({ [product]: regions })).toEqual(lines);
  expect(detail && instancesIn(detail)).toBe(1);
});

it("a region that could not be looked up is told", () => {
  const failed = [{ Region: "ap-guangzhou", InstanceList: null, Error: "timeout" }];
  expect(linesIn({ CLB: failed })).toEqual(["clb ap-guangzhou: could not be looked up: timeout"]);
});

const products = Object.keys(describeCertificateBindResourceTaskDetail.result.shape);

it("takes whatever a cloud may send", () => {
  const any = fc.dictionary(fc.constantFrom(...products), fc.jsonValue());
  const lists = fc.dictionary(
    fc.constantFrom(...products),
    fc.array(fc.record({ Region: fc.jsonValue(), InstanceList: fc.jsonValue(), Environments: fc.jsonValue() })),
  );
  fc.assert(
    fc.property(fc.oneof(any, lists), (detail) => {
      expect(linesIn(detail)?.every((line) => typeof line === "string")).toBe(true);
    }),
  );
});

it("what is bound is counted as the language counts", () => {
  const counted = (ResourceType: string, TotalCount: number) => ({
    ResourceType,
    BindResourceRegionResult: [{ Region: "", TotalCount }],
  });
  const counts = describeCounts([counted("cdn", 1), counted("clb", 2), counted("", 3)], productBrand);
  expect(String(counts)).toBe("3 of unknown type, 2 CLB, 1 CDN");
  expect(counts.for({ language: "zh-CN" })).toBe("3 个类型未知、CLB 2 个、CDN 1 个");
});
