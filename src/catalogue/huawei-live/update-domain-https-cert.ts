import type { z } from "zod";
import { brief, joined, nameInWords, type SafeText, safe, termInWords } from "../../lib/escape-text.js";
import { fitting } from "../naming.js";
import { defineChange, type Warning } from "../operation.js";
import { certificate, choice, domain, flag, privateKey, struct, text } from "../params.js";
import { planned, servedDomain, unseen } from "../planned.js";
import { reply } from "../results.js";
import { huaweiLive } from "../services.js";
import { resourceId } from "../serving.js";
import { caution, loss } from "../warnings.js";

const certificateText = { max: 12288 };
const keyText = { max: 8096 };

const stored = {
  source: choice(["scm", "user"], "scm: cert_id; user (default): PEM below").optional(),
  cert_name: text("Name", { max: 128 }).optional(),
  cert_id: text("Stored certificate ID", { max: 128 }).optional(),
};

const params = struct({
  project_id: text("Project ID"),
  domain: domain("Streaming domain", { min: 1, max: 255 }),
  certificate_format: choice(["PEM"], "PEM").optional(),
  certificate: certificate("Certificate PEM; ignored with tls_certificate").optional(),
  certificate_key: privateKey("Its private key PEM").optional(),
  force_redirect: flag("Redirect HTTP to HTTPS; off if left out, and cannot be read here: ask the person").optional(),
  gm_certificate: struct({
    ...stored,
    sign_certificate: certificate("SM signing PEM", certificateText).optional(),
    sign_certificate_key: privateKey("Its key", keyText).optional(),
    enc_certificate: certificate("SM encryption PEM", certificateText).optional(),
    enc_certificate_key: privateKey("Its key", keyText).optional(),
  }).optional(),
  // The vendor's page calls this the Chinese (SM) kind as well; it is the international one (docs/cloud-behaviour.md
  // 6.2).
  tls_certificate: struct({
    ...stored,
    certificate: certificate("International PEM", certificateText).optional(),
    certificate_key: privateKey("Its key", keyText).optional(),
  }).optional(),
});
type Params = z.output<typeof params>;

type InWords = (name: string) => SafeText;

function nameOf(
  given: { readonly cert_id?: string | undefined; readonly cert_name?: string | undefined },
  inWords: InWords,
): SafeText {
  const name = given.cert_id || given.cert_name;
  return name ? inWords(name) : safe`given as PEM`;
}

function certificates({ certificate, tls_certificate: tls, gm_certificate: gm }: Params, inWords: InWords): SafeText {
  const named: SafeText[] = [];
  if (tls) named.push(safe`international certificate ${nameOf(tls, inWords)}`);
  else if (certificate !== undefined) named.push(safe`the certificate given as PEM`);
  if (gm) named.push(safe`Chinese (SM) certificate ${nameOf(gm, inWords)}`);
  return named.length === 0 ? safe`no certificate` : joined(named, safe` and `);
}

function redirectOf({ force_redirect: redirect }: Params): SafeText {
  if (redirect === undefined) return safe`not given, so possibly off`;
  return redirect ? safe`HTTP redirected to HTTPS` : safe`off`;
}

export const updateDomainHttpsCert = defineChange({
  name: "UpdateDomainHttpsCert",
  service: huaweiLive,
  title: "Set the certificate of a Live domain",
  titleInChinese: "修改直播域名的 HTTPS 证书配置",
  summary:
    "Set a streaming domain's HTTPS certificate: certificate with certificate_key, tls_certificate or gm_certificate. Accepted is not served.",
  effect: "traffic",
  retry: "idempotent",
  route: { method: "PUT", path: "/v1/{project_id}/guard/https-cert", query: ["domain"] },
  permission: "domain:updateCDNConfig",
  params,
  example: {
    project_id: "0123456789abcdef0123456789abcdef",
    domain: "play.example.com",
    force_redirect: true,
    tls_certificate: { source: "user", certificate: "file:site.pem", certificate_key: "file:site.key" },
  },
  result: reply({}),
  approvalQuestion: (p) =>
    fitting((width) => {
      const redirect = p.force_redirect ? safe`, redirecting HTTP to HTTPS` : safe``;
      const served = certificates(p, (name) => brief(name, width));
      return safe`Serve ${served} on ${brief(p.domain, width)} (project ${brief(p.project_id, width)})${redirect}?`;
    }),
  plannedChanges: (p) => {
    const name = safe`Live domain ${nameInWords(p.domain)}`;
    const pem = p.tls_certificate === undefined ? p.certificate : p.tls_certificate.certificate;
    const brings = pem === undefined ? {} : { brings: { pem } };
    const served = planned(servedDomain(name, p.domain), "HTTPS", certificates(p, termInWords), brings);
    return [served, planned(unseen(name), "redirect", redirectOf(p))];
  },
  serves: ({ project_id: project, domain, force_redirect: forceRedirect, tls_certificate: tls, certificate }) => {
    const pem = tls === undefined ? certificate : tls.certificate;
    return [
      {
        id: resourceId("huawei-live", domain, project),
        service: "huawei-live",
        name: safe`Live domain ${nameInWords(domain)}`,
        domain,
        forceRedirect,
        certificate: pem,
      },
    ];
  },
  warnings: (p) => {
    const found: Warning[] = [];
    // Inferred from the documented default; not confirmed on a live service.
    if (p.force_redirect === undefined) {
      found.push(loss(safe`Without force_redirect, a redirect from HTTP to HTTPS may be switched off.`));
    }
    if (p.force_redirect === false) {
      found.push(
        loss(
          safe`HTTP is no longer redirected to HTTPS. Whether it is redirected now cannot be read through this API.`,
        ),
      );
    }
    if (p.gm_certificate && !p.tls_certificate && p.certificate === undefined) {
      // docs/cloud-behaviour.md 6.2: inferred, like the redirect.
      found.push(loss(safe`Only an SM certificate is given: an international one that is served now may be removed.`));
    }
    if (p.tls_certificate && p.certificate !== undefined) {
      found.push(caution(safe`certificate and certificate_key are ignored: tls_certificate is given.`));
    }
    return found;
  },
  errors: ["LIVE.100011001", "LIVE.100011003", "LIVE.103011019", "LIVE.100011005"],
});
