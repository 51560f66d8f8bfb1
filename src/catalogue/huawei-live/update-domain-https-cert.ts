import type { z } from "zod";
import { brief, formatId, joined, type SafeText, safe } from "../../lib/safe-text.js";
import { type ArgumentCheck, type PairVerdicts, type StoredUse, storedElsewhere } from "../certificate-arguments.js";
import { type Finding, finding, warning } from "../finding.js";
import { fitQuestion } from "../naming.js";
import { defineChange, type Warning } from "../operation.js";
import { certificate, choice, flag, privateKey, struct, text } from "../params.js";
import { liveDomain, planned, servedDomain } from "../planned-change.js";
import { reply } from "../results.js";
import { huaweiLive } from "../services.js";
import { loss } from "../warnings.js";
import { describeLiveDomain, httpsErrors, illegalOrBare, ofDomain, servingLive } from "./https-settings.js";

const certificateText = { max: 12288 };
const keyText = { max: 8096 };

const stored = {
  source: choice(["scm", "user"], "scm: cert_id; user (default): PEM below").optional(),
  cert_name: text("Name", { max: 128 }).optional(),
  cert_id: text("Stored certificate ID", { max: 128 }).optional(),
};

const params = struct({
  ...ofDomain(),
  certificate_format: choice(["PEM"], "PEM").optional(),
  certificate: certificate("Certificate PEM; ignored with tls_certificate").optional(),
  certificate_key: privateKey("Its private key PEM").optional(),
  force_redirect: flag("Redirect HTTP to HTTPS; off if left out").optional(),
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

type FormatName = (name: string) => SafeText;

function nameOf(
  given: { readonly cert_id?: string | undefined; readonly cert_name?: string | undefined },
  format: FormatName,
): SafeText {
  const name = given.cert_id || given.cert_name;
  return name ? format(name) : safe`given as PEM`;
}

function certificates({ certificate, tls_certificate: tls, gm_certificate: gm }: Params, format: FormatName): SafeText {
  const named: SafeText[] = [];
  if (tls) named.push(safe`international certificate ${nameOf(tls, format)}`);
  else if (certificate !== undefined) named.push(safe`the certificate given as PEM`);
  if (gm) named.push(safe`Chinese (SM) certificate ${nameOf(gm, format)}`);
  return named.length === 0 ? safe`no certificate` : joined(named, safe` and `);
}

function redirectOf({ force_redirect: redirect }: Params): SafeText {
  if (redirect === undefined) return safe`not given, so possibly off`;
  return redirect ? safe`HTTP redirected to HTTPS` : safe`off`;
}

const illegal = { prevents: illegalOrBare };

const verdictsFor = (sm2: boolean): PairVerdicts => ({
  unreadable: illegal,
  badKey: illegal,
  mismatch: illegal,
  expired: illegal,
  uncovered: illegal,
  standard: { sm2, otherwise: illegal },
});

function checkPresence({
  certificate,
  certificate_key: key,
  tls_certificate: tls,
  gm_certificate: gm,
}: Params): Finding[] {
  if (certificate !== undefined || key !== undefined || tls || gm) return [];
  return [finding("", "Give certificate with certificate_key, tls_certificate or gm_certificate.", illegal)];
}

/** `tls_certificate` takes precedence over the pair next to it (docs/cloud-behaviour.md 6.2). */
function checkInternational(params: Params): readonly ArgumentCheck[] {
  const { tls_certificate: tls, certificate, certificate_key: key } = params;
  const isGiven = certificate !== undefined || key !== undefined;
  if (tls === undefined) {
    return isGiven ? checkHalf(params, { parameter: "certificate", sm2: false, pem: certificate, key }) : [];
  }
  const ignored = isGiven
    ? [warning("certificate", safe`certificate and certificate_key are ignored: tls_certificate is given.`)]
    : [];
  if (tls.source === "scm") return [...ignored, ...checkStoredId("tls_certificate", tls)];
  const parameter = "tls_certificate.certificate";
  return [...ignored, ...checkHalf(params, { parameter, sm2: false, pem: tls.certificate, key: tls.certificate_key })];
}

function checkSm(params: Params): readonly ArgumentCheck[] {
  const { gm_certificate: gm } = params;
  if (gm === undefined) return [];
  if (gm.source === "scm") return checkStoredId("gm_certificate", gm);
  const sign = { parameter: "gm_certificate.sign_certificate", pem: gm.sign_certificate, key: gm.sign_certificate_key };
  const enc = { parameter: "gm_certificate.enc_certificate", pem: gm.enc_certificate, key: gm.enc_certificate_key };
  const pairs = [sign, enc].flatMap((half) => checkHalf(params, { ...half, sm2: true }));
  return [...pairs, { kind: "SM halves", sign, enc }];
}

interface Half {
  readonly parameter: string;
  readonly sm2: boolean;
  readonly pem: string | undefined;
  readonly key: string | undefined;
}

function checkHalf({ domain }: Params, { parameter, sm2, pem, key }: Half): readonly ArgumentCheck[] {
  const keyParameter = `${parameter}_key`;
  if (!pem) return [finding(parameter, `${parameter} is missing.`, illegal)];
  if (!key) return [finding(keyParameter, `${keyParameter} is missing.`, illegal)];
  const given = { parameter: keyParameter, pem: key };
  return [{ kind: "pair", parameter, pem, key: given, domains: [domain], verdicts: verdictsFor(sm2) }];
}

function checkStoredId(parameter: string, { cert_id: id }: { readonly cert_id?: string | undefined }): Finding[] {
  return id ? [] : [finding(`${parameter}.cert_id`, "source scm needs cert_id.", illegal)];
}

const elsewhere = storedElsewhere(safe`Huawei Cloud's certificate manager`);

function storedUses({ tls_certificate: tls, gm_certificate: gm }: Params): readonly StoredUse[] {
  return Object.entries({ tls_certificate: tls, gm_certificate: gm }).flatMap(([parameter, given]) =>
    given?.source === "scm" && given.cert_id
      ? [{ parameter: `${parameter}.cert_id`, id: given.cert_id, ...elsewhere }]
      : [],
  );
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
    fitQuestion((width) => {
      const redirect = p.force_redirect ? safe`, redirecting HTTP to HTTPS` : safe``;
      const served = certificates(p, (name) => brief(name, width));
      return safe`Serve ${served} on ${brief(p.domain, width)} (project ${brief(p.project_id, width)})${redirect}?`;
    }),
  plannedChanges: (p) => {
    const name = describeLiveDomain(p.domain);
    const pem = p.tls_certificate === undefined ? p.certificate : p.tls_certificate.certificate;
    const brings = pem === undefined ? {} : { brings: { pem } };
    const served = planned(servedDomain(name, p.domain), "HTTPS", certificates(p, formatId), brings);
    return [served, planned(liveDomain(name, p.project_id, p.domain), "redirect", redirectOf(p))];
  },
  serves: ({ project_id: project, domain, force_redirect: forceRedirect, tls_certificate: tls, certificate }) => {
    const pem = tls === undefined ? certificate : tls.certificate;
    return [servingLive(project, domain, { forceRedirect, certificate: pem })];
  },
  warnings: (p, state) => {
    const found: Warning[] = [];
    const mayRedirect = state?.redirect(p.project_id, p.domain) !== false;
    // Inferred from the documented default; not confirmed on a live service.
    if (mayRedirect && p.force_redirect === undefined) {
      found.push(loss(safe`Without force_redirect, a redirect from HTTP to HTTPS may be switched off.`));
    }
    if (mayRedirect && p.force_redirect === false) {
      found.push(loss(safe`HTTP is no longer redirected to HTTPS.`));
    }
    if (p.gm_certificate && !p.tls_certificate && p.certificate === undefined) {
      // docs/cloud-behaviour.md 6.2: inferred, like the redirect.
      found.push(loss(safe`Only an SM certificate is given: an international one that is served now may be removed.`));
    }
    return found;
  },
  checks: (p) => [...checkPresence(p), ...checkInternational(p), ...checkSm(p)],
  storedUses,
  errors: httpsErrors,
});
