import type { z } from "zod";
import { setCdnDomainSSLCertificate } from "../../catalogue/alibaba-cdn/set-cdn-domain-ssl-certificate.js";
import { setVodDomainSSLCertificate } from "../../catalogue/alibaba-vod/set-vod-domain-ssl-certificate.js";
import { ownWords, type SafeText, safe } from "../../lib/escape-text.js";
import { checkPair, type PairVerdicts } from "../check-pair.js";
import { type Finding, finding, warning } from "../finding.js";
import { checksOf } from "./binding.js";

type Params = z.output<typeof setCdnDomainSSLCertificate.params>;

/**
 * docs/cloud-behaviour.md 5.4. The documents have no code for a certificate of another domain; this one is inferred.
 */
const verdicts: PairVerdicts = {
  unreadable: { prevents: "InvalidSSLPub" },
  badKey: { prevents: "InvalidSSLPri" },
  mismatch: { prevents: "Certificate.MissMatch" },
  expired: { prevents: "Certificate.Expired" },
  uncovered: { prevents: "SetDomainCertificate.ParameterError" },
  // SM2 has its own operation (SetCdnDomainSMCertificate); that this one returns this code is inferred, too.
  standard: { sm2: false, otherwise: { prevents: "InvalidSSLPub" } },
};

export const alibabaChecks = [checksOf(setCdnDomainSSLCertificate, check), checksOf(setVodDomainSSLCertificate, check)];

function check(params: Params, now: Date): Finding[] {
  if (params.SSLProtocol === "off") return checkOff(params);
  return params.CertType === "cas" ? checkStored(params) : checkUpload(params, now);
}

function checkOff(params: Params): Finding[] {
  return ignored(params, ["CertId", "CertName", "SSLPub", "SSLPri"], safe`SSLProtocol is off`);
}

function checkStored(params: Params): Finding[] {
  const found = ignored(params, ["SSLPub", "SSLPri"], safe`CertType is cas`);
  if (params.CertId !== undefined) return found;
  if (params.CertName)
    return [warning("CertId", safe`The documents ask for CertId with cas; CertName alone may not do.`), ...found];
  const prevents = "CertName.MissingParameter";
  return [finding("CertId", "CertType cas needs CertId.", { prevents }), ...found];
}

function checkUpload(params: Params, now: Date): Finding[] {
  const { DomainName, SSLPub, SSLPri } = params;
  if (!SSLPub) return [missing("SSLPub", "HTTPS needs a certificate in SSLPub, or CertType cas with CertId.")];
  if (!SSLPri) return [missing("SSLPri", "The certificate in SSLPub needs its private key in SSLPri.")];
  const unnamed = params.CertName ? [] : [withoutName];
  const pair = { parameter: "SSLPub", pem: SSLPub, key: { parameter: "SSLPri", pem: SSLPri }, domains: [DomainName] };
  return [
    ...checkPair(pair, verdicts, now),
    ...unnamed,
    ...ignored(params, ["CertId", "CertRegion"], safe`CertType is not cas`),
  ];
}

/** The documents call it optional, but some accounts got "You must specify CertName" (reported: certd/certd#372). */
const withoutName = warning(
  "CertName",
  safe`CertName is left out; the API may refuse an upload without it (CertName.MissingParameter). Name it, such as by domain and date.`,
);

function missing(parameter: "SSLPub" | "SSLPri", says: string): Finding {
  return finding(parameter, says, { prevents: `${parameter}.MissingParameter` });
}

function ignored(params: Params, names: readonly (keyof Params)[], because: SafeText): Finding[] {
  return names.flatMap((name) =>
    params[name] ? [warning(name, safe`${ownWords(name)} is ignored: ${because}.`)] : [],
  );
}
