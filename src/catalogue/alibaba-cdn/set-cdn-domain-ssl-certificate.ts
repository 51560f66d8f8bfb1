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
import { alibabaCdn } from "../services.js";

export const setCdnDomainSSLCertificate = changing({
  name: "SetCdnDomainSSLCertificate",
  service: alibabaCdn,
  title: "Set the certificate of a CDN domain",
  summary: "Turn HTTPS of a domain on with a certificate, or off. Accepted is not served: rollout follows.",
  effect: "traffic",
  retry: retryOf,
  params: certificateSettings(),
  result: reply({}),
  ask: askOf,
  changes: changesOf(safe`CDN`),
  warn: warnOf,
  leaves: leavesOf,
  serves: servesOf("alibaba-cdn", safe`CDN`),
  errors: errorsWith("InvalidEnv"),
});
