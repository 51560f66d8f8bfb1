import { safe } from "../../visible.js";
import {
  askOf,
  certificateSettings,
  changesOf,
  errorsWith,
  leavesOf,
  retryOf,
  servesOf,
  warnOf,
} from "../alibaba-params.js";
import { changing } from "../operation.js";
import { reply } from "../results.js";
import { alibabaVod } from "../services.js";

export const setVodDomainSSLCertificate = changing({
  name: "SetVodDomainSSLCertificate",
  service: alibabaVod,
  title: "Set the certificate of a VOD domain",
  summary: "Turn HTTPS of a domain on with a certificate, or off. Accepted is not served: rollout follows.",
  effect: "traffic",
  retry: retryOf,
  params: certificateSettings(),
  result: reply({}),
  ask: askOf,
  changes: changesOf(safe`VOD`),
  warn: warnOf,
  leaves: leavesOf,
  serves: servesOf("alibaba-vod", safe`VOD`),
  errors: errorsWith("DomainOwnerVerifyFail"),
});
