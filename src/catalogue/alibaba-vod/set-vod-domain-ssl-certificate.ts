import { safe } from "../../lib/escape-text.js";
import {
  alibabaRetry,
  askOf,
  certificateSettings,
  changesOf,
  errorsWith,
  leavesOf,
  servesOf,
  warnOf,
} from "../alibaba-params.js";
import { defineChange } from "../operation.js";
import { reply } from "../results.js";
import { alibabaVod } from "../services.js";

export const setVodDomainSSLCertificate = defineChange({
  name: "SetVodDomainSSLCertificate",
  service: alibabaVod,
  title: "Set the certificate of a VOD domain",
  summary: "Turn HTTPS of a domain on with a certificate, or off. Accepted is not served: rollout follows.",
  effect: "traffic",
  retry: alibabaRetry,
  params: certificateSettings(),
  result: reply({}),
  approvalQuestion: askOf,
  plannedChanges: changesOf(safe`VOD`),
  warnings: warnOf,
  leaves: leavesOf,
  serves: servesOf("alibaba-vod", safe`VOD`),
  errors: errorsWith("DomainOwnerVerifyFail"),
});
