import { randomUUID } from "node:crypto";
import { huaweiProjectId } from "../../src/sandbox/credentials.js";
import { domains, type Material } from "./material.js";
import { error, type Row, rowsOf, warns } from "./row.js";

interface Party {
  readonly pem: string;
  readonly key: string;
}

/** Alibaba Cloud CDN and VOD. */
export function alibabaRows({ plain, other, rsa, named, dated, keys, ca, openssl }: Material, fresh: Party): Row[] {
  // Each copy has a name of its own: a taken one is refused.
  const nameFor = ({ SSLPub, CertType }: Row["params"]) =>
    SSLPub !== undefined && CertType !== "cas" && { CertName: `copy-${randomUUID()}` };
  const on = (more: Row["params"]) => ({ DomainName: domains.cdn, SSLProtocol: "on", ...nameFor(more), ...more });
  const up = ({ pem, key }: Party, more: Row["params"] = {}) =>
    on({ SSLPub: pem + ca.middle.pem, SSLPri: key, ...more });
  const uncovered = "SetDomainCertificate.ParameterError";
  const chain = plain.pem + ca.middle.pem;
  const cdn = rowsOf("SetCdnDomainSSLCertificate", [
    ["a certificate that covers the domain", up(plain, { CertType: "upload" })],
    ["a wildcard", up(named.wildcard)],
    ["a copy without a name", up(plain, { CertName: undefined }), warns("CertName", /left out; the API may refuse/)],
    ["a domain with a dot before it", up(rsa, { DomainName: domains.below })],
    ["a stored certificate", on({ CertType: "cas", CertId: 8089870 })],
    [
      "a stored certificate by its name",
      on({ CertType: "cas", CertName: "img-example-com-next" }),
      warns("CertId", /may not do/),
    ],
    ["HTTPS off", { DomainName: domains.cdn, SSLProtocol: "off" }],
    [
      "HTTPS off with a certificate",
      { DomainName: domains.cdn, SSLProtocol: "off", SSLPub: plain.pem },
      warns("SSLPub", /ignored/),
    ],
    [
      "a stored certificate, and a text",
      on({ CertType: "cas", CertId: 8089870, SSLPub: plain.pem }),
      warns("SSLPub", /ignored: CertType is cas/),
    ],
    ["a text, and an id", up(fresh, { CertId: 8089870 }), warns("CertId", /ignored: CertType is not cas/)],
    ["no certificate", on({}), error("SSLPub", /needs a certificate/, "SSLPub.MissingParameter")],
    ["no key", on({ SSLPub: plain.pem }), error("SSLPri", /needs its private key/, "SSLPri.MissingParameter")],
    ["cas without an id", on({ CertType: "cas" }), error("CertId", /needs CertId/, "CertName.MissingParameter")],
    ["no PEM", on({ SSLPub: "text", SSLPri: plain.key }), error("SSLPub", /no PEM/, "InvalidSSLPub")],
    ["a key that is none", on({ SSLPub: chain, SSLPri: "text" }), error("SSLPri", /not PEM/, "InvalidSSLPri")],
    [
      "an encrypted key",
      on({ SSLPub: chain, SSLPri: keys.encrypted }),
      error("SSLPri", /takes no password/, "InvalidSSLPri"),
    ],
    [
      "the key of another",
      on({ SSLPub: chain, SSLPri: other.key }),
      error("SSLPri", /does not belong/, "Certificate.MissMatch"),
    ],
    ["expired", up(dated.expired), error("SSLPub", /expired on/, "Certificate.Expired")],
    [
      "a certificate of another domain",
      up(named.elsewhere),
      error("SSLPub", /does not cover img\.example\.com; it is for www\.example\.net\.$/, uncovered),
    ],
    [
      "a wildcard one label too high",
      up(named.wildcard, { DomainName: domains.below }),
      error("SSLPub", /does not cover \.cdn/, uncovered),
    ],
    [
      "a damaged intermediate",
      on({ SSLPub: `${other.pem}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`, SSLPri: other.key }),
      warns("SSLPub", /^Certificate 2 of the chain does not parse/),
      warns("SSLPub", /intermediate certificate is missing/),
    ],
  ]);
  const sm2 = openssl?.sm2;
  const standards = sm2 && [
    [
      "SM2",
      on({ SSLPub: sm2.sign.certificate, SSLPri: sm2.sign.key, DomainName: domains.live }),
      error("SSLPub", /SM2 standard, and an RSA or ECC one is needed/, "InvalidSSLPub"),
      warns("SSLPub", /not checked/),
    ] as const,
  ];
  const vod = rowsOf("SetVodDomainSSLCertificate", [
    ["a certificate that covers the domain", up(plain, { DomainName: domains.vod })],
    ["expired", up(dated.expired, { DomainName: domains.vod }), error("SSLPub", /expired/, "Certificate.Expired")],
    [
      "no key",
      { DomainName: domains.vod, SSLProtocol: "on", SSLPub: chain },
      error("SSLPri", /private key/, "SSLPri.MissingParameter"),
    ],
  ]);
  return [...cdn, ...vod, ...rowsOf("SetCdnDomainSSLCertificate", standards ?? [])];
}

/** Huawei Cloud Live. */
export function huaweiRows({ plain, other, named, dated, keys, ca, openssl }: Material): Row[] {
  const illegal = "LIVE.100011001";
  const live = (more: Row["params"]) => ({ project_id: huaweiProjectId, domain: domains.live, ...more });
  const half = ({ pem, key }: Party) => ({ certificate: pem + ca.middle.pem, certificate_key: key });
  const sm2 = openssl?.sm2;
  const rows = rowsOf("UpdateDomainHttpsCert", [
    ["a pair", live(half(plain))],
    ["a wildcard", live(half(named.wildcard))],
    ["an international name beside it", live(half(named.idn))],
    ["tls_certificate", live({ tls_certificate: half(plain) })],
    ["a stored certificate", live({ tls_certificate: { source: "scm", cert_id: "scs1600000000000" } })],
    [
      "tls_certificate and a pair",
      live({ ...half(dated.expired), tls_certificate: half(plain) }),
      warns("certificate", /are ignored/),
    ],
    ["nothing", live({}), error("", /Give certificate with certificate_key/, illegal)],
    ["no key", live({ certificate: plain.pem }), error("certificate_key", /missing/, illegal)],
    [
      "no certificate",
      live({ tls_certificate: { certificate_key: plain.key } }),
      error("tls_certificate.certificate", /missing/, illegal),
    ],
    [
      "scm without an id",
      live({ tls_certificate: { source: "scm" } }),
      error("tls_certificate.cert_id", /needs cert_id/, illegal),
    ],
    [
      "SM of scm without an id",
      live({ gm_certificate: { source: "scm" } }),
      error("gm_certificate.cert_id", /needs cert_id/, illegal),
    ],
    [
      "the key of another",
      live({ ...half(plain), certificate_key: other.key }),
      error("certificate_key", /does not belong/, illegal),
    ],
    [
      "an encrypted key",
      live({ ...half(plain), certificate_key: keys.encrypted }),
      error("certificate_key", /takes no password/, illegal),
    ],
    ["no PEM", live({ ...half(plain), certificate: "text" }), error("certificate", /no PEM/, illegal)],
    [
      "expired",
      live({ tls_certificate: half(dated.expired) }),
      error("tls_certificate.certificate", /expired/, illegal),
    ],
    [
      "a certificate of another domain",
      live(half(named.elsewhere)),
      error("certificate", /does not cover play/, illegal),
    ],
  ]);
  if (sm2 === undefined) return rows;
  const gm = {
    sign_certificate: sm2.sign.certificate,
    sign_certificate_key: sm2.sign.key,
    enc_certificate: sm2.enc.certificate,
    enc_certificate_key: sm2.enc.key,
  };
  const sign = "gm_certificate.sign_certificate";
  const enc = "gm_certificate.enc_certificate";
  const unchecked = (parameter: string) => [
    warns(parameter, /of the SM2 standard: signatures in its chain were not checked/),
  ];
  const { enc_certificate_key: _missing, ...keyless } = gm;
  const smRows = rowsOf("UpdateDomainHttpsCert", [
    ["two pairs of SM2", live({ gm_certificate: gm }), ...unchecked(sign), ...unchecked(enc)],
    [
      "SM2 without one key",
      live({ gm_certificate: keyless }),
      ...unchecked(sign),
      error(`${enc}_key`, /missing/, illegal),
    ],
    [
      "the same SM2 certificate twice",
      live({
        gm_certificate: { ...gm, enc_certificate: gm.sign_certificate, enc_certificate_key: gm.sign_certificate_key },
      }),
      ...unchecked(sign),
      ...unchecked(enc),
      warns(enc, /both halves are the same certificate\.$/),
    ],
    [
      "SM2 with its keys exchanged",
      live({ gm_certificate: { ...gm, sign_certificate_key: sm2.enc.key } }),
      error(`${sign}_key`, /does not belong/, illegal),
      ...unchecked(sign),
      ...unchecked(enc),
    ],
    [
      "SM2 where an international one belongs",
      live({ tls_certificate: { certificate: sm2.sign.certificate, certificate_key: sm2.sign.key } }),
      error("tls_certificate.certificate", /SM2 standard, and/, illegal),
      ...unchecked("tls_certificate.certificate"),
    ],
    [
      "an international one where SM2 belongs",
      live({ gm_certificate: { ...gm, sign_certificate: plain.pem + ca.middle.pem, sign_certificate_key: plain.key } }),
      error(sign, /not of the SM2 standard/, illegal),
      ...unchecked(enc),
    ],
  ]);
  return [...rows, ...smRows, ...storeRows({ ...gm, plain: plain.pem + ca.middle.pem, plainKey: plain.key })];
}

/** SM2 pairs for Alibaba Cloud's store, which the sandbox does not take. */
function storeRows(sm2: Readonly<Record<string, string>>): Row[] {
  const given = {
    Name: "sm_2027",
    SignCert: sm2.sign_certificate,
    SignPrivateKey: sm2.sign_certificate_key,
    EncryptCert: sm2.enc_certificate,
    EncryptPrivateKey: sm2.enc_certificate_key,
  };
  const unchecked = (parameter: string) => warns(parameter, /signatures in its chain were not checked/);
  const both = [unchecked("SignCert"), unchecked("EncryptCert")];
  const { SignCert, SignPrivateKey, EncryptCert, EncryptPrivateKey } = given;
  return rowsOf("UploadUserCertificate", [
    ["two pairs of SM2", given, ...both],
    [
      "the same SM2 certificate twice",
      { ...given, EncryptCert: SignCert, EncryptPrivateKey: SignPrivateKey },
      ...both,
      warns("EncryptCert", /^SignCert and EncryptCert: both halves are the same certificate/),
    ],
    [
      "SM2 with its keys exchanged",
      { ...given, SignPrivateKey: EncryptPrivateKey },
      error("SignPrivateKey", /does not belong/, "KeyNotMatchCert"),
      ...both,
    ],
    [
      "an international one where SM2 belongs",
      { ...given, SignCert: sm2.plain, SignPrivateKey: sm2.plainKey },
      error("SignCert", /not of the SM2 standard/, "ParseCertificateFailed"),
      unchecked("EncryptCert"),
    ],
    [
      "SM2 where an international one belongs",
      { Name: "sm_2027", Cert: EncryptCert, Key: EncryptPrivateKey },
      error("Cert", /SM2 standard, and/, "ParseCertificateFailed"),
      unchecked("Cert"),
    ],
  ]).map((row) => ({ ...row, unsent: "the sandbox takes no SM certificates" }));
}
