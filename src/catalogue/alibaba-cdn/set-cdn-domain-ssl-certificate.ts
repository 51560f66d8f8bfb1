import { safe } from "../../lib/escape-text.js";
import {
  alibabaRetry,
  askOf,
  certificateSettings,
  changesOf,
  checksOf,
  errorsWith,
  leavesOf,
  servesOf,
  storedUsesOf,
  warnOf,
} from "../alibaba-params.js";
import { defineChange } from "../operation.js";
import { reply } from "../results.js";
import { alibabaCdn } from "../services.js";

export const setCdnDomainSSLCertificate = defineChange({
  name: "SetCdnDomainSSLCertificate",
  service: alibabaCdn,
  title: "Set the certificate of a CDN domain",
  titleInChinese: "设置 CDN 加速域名证书",
  summary: "Turn HTTPS of a domain on with a certificate, or off. Accepted is not served: rollout follows.",
  effect: "traffic",
  retry: alibabaRetry,
  params: certificateSettings(),
  example: {
    DomainName: "img.example.com",
    SSLProtocol: "on",
    CertType: "upload",
    SSLPub: "file:site.pem",
    SSLPri: "file:site.key",
    CertName: "img-2027-03",
  },
  result: reply({}),
  approvalQuestion: askOf,
  plannedChanges: changesOf(safe`CDN`),
  warnings: warnOf,
  leaves: leavesOf,
  serves: servesOf("alibaba-cdn", safe`CDN`),
  checks: checksOf,
  storedUses: storedUsesOf,
  errors: errorsWith("InvalidEnv"),
});
