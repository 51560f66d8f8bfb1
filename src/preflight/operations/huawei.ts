import type { z } from "zod";
import { updateDomainHttpsCert } from "../../catalogue/huawei-live/update-domain-https-cert.js";
import { safe } from "../../lib/escape-text.js";
import { checkPair, type PairVerdicts } from "../check-pair.js";
import { checkSmHalves } from "../check-sm-halves.js";
import { type Finding, finding, warning } from "../finding.js";
import { checksOf } from "./binding.js";

type Params = z.output<typeof updateDomainHttpsCert.params>;

/** One code covers all invalid arguments (docs/cloud-behaviour.md 6.2). */
const illegal = { prevents: "LIVE.100011001" };

const verdictsFor = (sm2: boolean): PairVerdicts => ({
  unreadable: illegal,
  badKey: illegal,
  mismatch: illegal,
  expired: illegal,
  uncovered: illegal,
  standard: { sm2, otherwise: illegal },
});

export const huaweiChecks = checksOf(updateDomainHttpsCert, (params, now) => [
  ...checkPresence(params),
  ...checkInternational(params, now),
  ...checkSm(params, now),
]);

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
function checkInternational(params: Params, now: Date): Finding[] {
  const { tls_certificate: tls, certificate, certificate_key: key } = params;
  if (tls === undefined) {
    const given = certificate !== undefined || key !== undefined;
    return given ? checkHalf(params, { ...flat, sm2: false, pem: certificate, key }, now) : [];
  }
  const found: Finding[] = [];
  if (certificate !== undefined || key !== undefined) {
    found.push(warning("certificate", safe`certificate and certificate_key are ignored: tls_certificate is given.`));
  }
  if (tls.source === "scm") return [...found, ...checkStored("tls_certificate", tls)];
  return [
    ...found,
    ...checkHalf(params, { ...nested, sm2: false, pem: tls.certificate, key: tls.certificate_key }, now),
  ];
}

const flat = { parameter: "certificate", keyParameter: "certificate_key" };
const nested = { parameter: "tls_certificate.certificate", keyParameter: "tls_certificate.certificate_key" };

function checkSm(params: Params, now: Date): Finding[] {
  const { gm_certificate: gm } = params;
  if (gm === undefined) return [];
  if (gm.source === "scm") return checkStored("gm_certificate", gm);
  const halves = [
    { name: "sign_certificate", pem: gm.sign_certificate, key: gm.sign_certificate_key },
    { name: "enc_certificate", pem: gm.enc_certificate, key: gm.enc_certificate_key },
  ];
  const found = halves.flatMap(({ name, pem, key }) => {
    const parameter = `gm_certificate.${name}`;
    return checkHalf(params, { parameter, keyParameter: `${parameter}_key`, sm2: true, pem, key }, now);
  });
  return [...found, ...checkSmHalves(gm)];
}

interface Half {
  readonly parameter: string;
  readonly keyParameter: string;
  readonly sm2: boolean;
  readonly pem: string | undefined;
  readonly key: string | undefined;
}

function checkHalf({ domain }: Params, { parameter, keyParameter, sm2, pem, key }: Half, now: Date): Finding[] {
  if (!pem) return [finding(parameter, `${parameter} is missing.`, illegal)];
  if (!key) return [finding(keyParameter, `${keyParameter} is missing.`, illegal)];
  const pair = { parameter, pem, key: { parameter: keyParameter, pem: key }, domains: [domain] };
  return checkPair(pair, verdictsFor(sm2), now);
}

function checkStored(parameter: string, { cert_id: id }: { readonly cert_id?: string | undefined }): Finding[] {
  return id ? [] : [finding(`${parameter}.cert_id`, "source scm needs cert_id.", illegal)];
}
