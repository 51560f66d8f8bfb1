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
import { alibabaVod } from "../services.js";

export const setVodDomainSSLCertificate = defineChange({
  name: "SetVodDomainSSLCertificate",
  service: alibabaVod,
  title: "Set the certificate of a VOD domain",
  titleInChinese: "设置点播加速域名证书",
  summary: "Turn HTTPS of a domain on with a certificate, or off. Accepted is not served: rollout follows.",
  effect: "traffic",
  retry: alibabaRetry,
  params: certificateSettings(),
  example: {
    DomainName: "vod.example.com",
    SSLProtocol: "on",
    CertType: "upload",
    SSLPub: "file:site.pem",
    SSLPri: "file:site.key",
    CertName: "vod-2027-03",
  },
  result: reply({}),
  approvalQuestion: askOf,
  plannedChanges: changesOf(safe`VOD`),
  warnings: warnOf,
  leaves: leavesOf,
  serves: servesOf("alibaba-vod", safe`VOD`),
  checks: checksOf,
  storedUses: storedUsesOf,
  errors: errorsWith("DomainOwnerVerifyFail"),
});
