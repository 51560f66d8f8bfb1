import type { Diagnosis } from "./fact.js";

/**
 * Codes of Node.js, OpenSSL and the system for a connection that failed before any cloud answered. The facts are the
 * same for every service.
 */
interface ConnectionFault extends Required<Diagnosis> {
  readonly codes: readonly string[];
  readonly means: string;
  readonly next: string;
  /** Seen by a visitor of a domain, not by this server: its own clock, proxy and trust have nothing to do with it. */
  readonly seenByVisitor?: boolean;
}

const doctor = "check_setup: it connects to each service's address the way calls do.";

/** Named by a sentence of browsers that has no code: each of the codes below may be meant. */
const certificateWarning = "certificate warning";

const look = "check_served_certificate with the domain: what its addresses serve, from here.";
const elsewhere = "Whether other devices and networks show the same: one alone has the cause in itself.";

const visitorFaults: readonly ConnectionFault[] = [
  {
    codes: [
      "ERR_CERT_DATE_INVALID",
      "SEC_ERROR_EXPIRED_CERTIFICATE",
      "SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE",
      "MOZILLA_PKIX_ERROR_NOT_YET_VALID_CERTIFICATE",
    ],
    means: "A browser found the domain's certificate, or one above it, expired or not yet valid.",
    causes: [
      "The domain serves an expired certificate.",
      "Some of its addresses still serve the old one.",
      "The clock of the visitor's device is wrong.",
    ],
    checks: [look, elsewhere],
    next: "If it is served, deploy_certificate installs a valid one. If every address serves a valid one, the visitor sets the clock of the device.",
    retry: "No, not until another certificate is served or that clock is right.",
  },
  {
    codes: ["ERR_CERT_COMMON_NAME_INVALID", "SSL_ERROR_BAD_CERT_DOMAIN"],
    means: "A browser got a certificate that does not cover the name in its address bar.",
    causes: [
      "The domain has not been given its certificate yet, and its edge shows another one.",
      "The certificate lacks this name: www, the bare domain, or a level below a wildcard.",
      "DNS leads to a server that is not the intended one.",
    ],
    checks: [`${look} Its names, and which address shows another.`, elsewhere],
    next: "deploy_certificate with one that covers the name; if an address is a foreign one, a person corrects DNS.",
    retry: "No, not until a certificate that covers the name is served.",
  },
  {
    codes: ["ERR_CERT_AUTHORITY_INVALID", "SEC_ERROR_UNKNOWN_ISSUER", "MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT"],
    means: "A browser does not trust the issuer of the domain's certificate, or did not get an intermediate.",
    causes: [
      "The domain serves its certificate without the intermediate.",
      "It serves one that is self-signed, or of a private CA.",
      "A proxy, firewall or antivirus program of the visitor shows a certificate of its own.",
    ],
    checks: [`${look} Its chain as sent, and whether it is trusted.`, elsewhere],
    next: "If the chain is incomplete, deploy_certificate with the whole chain, leaf first. If all is trusted from here, it is the visitor's device or network.",
    retry: "No, not until chain or issuer is right.",
  },
  {
    codes: ["ERR_CERT_REVOKED", "SEC_ERROR_REVOKED_CERTIFICATE"],
    means: "A browser found the domain's certificate revoked by its authority.",
    causes: ["It was revoked on request, for instance after its key leaked.", "The authority found an error in it."],
    checks: [`${look} Which certificate it is.`, "The authority's notices to the account."],
    next: "For your own domain: deploy a new certificate with deploy_certificate; the old one never becomes valid again.",
    retry: "No, not until another certificate is served.",
  },
  {
    codes: [
      "ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
      "ERR_SSL_PROTOCOL_ERROR",
      "SSL_ERROR_NO_CYPHER_OVERLAP",
      "SSL_ERROR_INTERNAL_ERROR_ALERT",
    ],
    means:
      "A browser and the domain's edge found no TLS version and cipher in common, or the edge has no certificate for the name.",
    causes: [
      "The domain has no certificate, or HTTPS is off, so its edge ends the handshake.",
      "The certificate's key is of a kind that the browser does not take.",
      "The edge allows only TLS versions that are too new for the browser, or too old.",
    ],
    checks: [`${look} Whether any certificate, with which key.`, elsewhere],
    next: "For your own domain: see find_certificates (domain) for HTTPS and certificate, and deploy one if there is none.",
    retry: "No, not until the domain has a certificate that the browser takes.",
  },
  {
    codes: ["ERR_TOO_MANY_REDIRECTS"],
    means:
      "A browser was sent round in circles: each address redirects to another, and back. No certificate is at fault.",
    causes: [
      "The edge fetches from the origin over HTTP, and the origin redirects every HTTP request to HTTPS.",
      "Edge and origin redirect to each other: www to the bare domain, and back.",
      "An old cookie of the site.",
    ],
    checks: [
      "Whether HTTPS was turned on at the edge lately: until then its redirect did no harm.",
      "The edge's protocol for the origin, and the redirects of edge and origin.",
    ],
    next: "A person has the edge follow the visitor's protocol, or fetch over HTTPS, or takes the redirect away at one of the two. roll_back undoes a deployment that turned HTTPS on.",
    retry: "No, not until one of the redirects is gone.",
  },
  {
    codes: [certificateWarning],
    means:
      "A browser warns of the domain's certificate. This sentence does not say why; the code below it does (NET::ERR_CERT_…).",
    causes: [
      "The domain serves an expired certificate.",
      "What it serves does not cover the name.",
      "The chain lacks its intermediate, or the issuer is not trusted.",
      "The clock of the visitor's device is wrong, or its network shows another certificate.",
    ],
    checks: [look, "The code on the browser's page, which explain_error takes.", elsewhere],
    next: "Look with check_served_certificate first: it says which of these it is, if it is the domain's.",
    retry: "No, not until the cause is gone.",
  },
];

const connectionFaults: readonly ConnectionFault[] = [
  ...visitorFaults.map((fault) => ({ ...fault, seenByVisitor: true })),
  {
    codes: [
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "UNABLE_TO_GET_ISSUER_CERT",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
    ],
    means: "The other side showed a certificate whose issuer is not trusted here, or left an intermediate out.",
    causes: [
      "A proxy or firewall intercepts TLS and shows a certificate issued by its own company.",
      "A domain serves its certificate without the intermediate.",
      "The address is not the intended one.",
    ],
    checks: [doctor, "check_served_certificate, if it is about a domain's own certificate: chain as sent."],
    next: "For a cloud's address: ask the operator to name the company's root certificate in NODE_EXTRA_CA_CERTS. For your own domain: deploy the whole chain, leaf first.",
    retry: "No, not until the trust or the chain is corrected.",
  },
  {
    codes: ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"],
    means: "The certificate that the other side showed is not valid at this machine's time.",
    causes: ["This machine's clock is wrong.", "The domain serves an old certificate."],
    checks: [doctor, "check_served_certificate, if it is about a domain's own certificate."],
    next: "Ask a person to check this machine's clock first; for your own domain, deploy_certificate installs the new one.",
    retry: "No, not until the clock or the certificate is right.",
  },
  {
    codes: ["ERR_TLS_CERT_ALTNAME_INVALID", "HOSTNAME_MISMATCH"],
    means: "The certificate that the other side showed does not cover this name.",
    causes: ["The address is not the intended one.", "The domain has not been given its certificate yet."],
    checks: [doctor, "check_served_certificate, if it is about a domain's own certificate: its names."],
    next: "For a cloud's address: ask the operator to check endpoint and proxy. For your own domain: deploy a certificate that covers it.",
    retry: "No, not until address or certificate is right.",
  },
  {
    codes: ["ENOTFOUND", "EAI_AGAIN"],
    means: "The name could not be resolved to an address.",
    causes: [
      "DNS does not work on this machine.",
      "The region or the name is mistyped.",
      "Names can be resolved through a proxy only.",
    ],
    checks: [doctor],
    next: "Ask a person to check DNS, the configured region and HTTPS_PROXY.",
    retry: "Yes, once the name resolves; nothing was sent.",
  },
  {
    codes: [
      "ECONNREFUSED",
      "ECONNRESET",
      "ETIMEDOUT",
      "EHOSTUNREACH",
      "ENETUNREACH",
      "EPIPE",
      "UND_ERR_CONNECT_TIMEOUT",
    ],
    means: "The connection could not be made, or broke.",
    causes: ["A firewall or proxy blocks the connection.", "The network is currently down."],
    checks: [doctor],
    next: "Ask a person to check network, firewall and proxy. After a change whose reply was lost, read the current state first.",
    retry: "A read: yes, after a pause. A change: read first, because it may have arrived.",
  },
];

/** How curl and OpenSSL, and Go, begin a sentence about the certificate of the other side of a connection. */
const ofPeer = "(?:x509: |certificate problem: |certificate verify failed: )";

/** The same faults as programs in several languages write them without a code. A cloud's sentences are not among them. */
const sentences: readonly (readonly [code: string, says: RegExp])[] = [
  [
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    /unable to verify the first certificate|证书链(?:不完整|缺失|不全)|certificate chain (?:is )?incomplete|incomplete certificate chain/i,
  ],
  ["SELF_SIGNED_CERT_IN_CHAIN", /self[- ]signed certificate in certificate chain/i],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", new RegExp(`${ofPeer}self[- ]signed certificate`, "i")],
  [
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    /unable to get local issuer certificate|PKIX path building failed|x509: certificate signed by unknown authority/i,
  ],
  ["CERT_HAS_EXPIRED", new RegExp(`${ofPeer}certificate has expired`, "i")],
  ["CERT_NOT_YET_VALID", new RegExp(`${ofPeer}certificate is not yet valid`, "i")],
  [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    /does not match certificate's altnames|x509: certificate is (?:valid for|not valid for any names)|hostname mismatch|no alternative certificate subject name matches/i,
  ],
  ["ECONNRESET", /socket hang up|connection reset by peer/i],
];

/** How browsers say it in a page of their own, in English and Chinese; a cloud may say the same of an upload. */
const visitorSentences: readonly (readonly [code: string, says: RegExp])[] = [
  [
    "ERR_TOO_MANY_REDIRECTS",
    /redirected you too many times|isn[’']t redirecting properly|too many redirects|重定向(?:的)?次数过多|(?:不能|无法|没有)正确(?:地)?重定向|循环重定向|重定向循环/i,
  ],
  [
    "ERR_CERT_DATE_INVALID",
    /(?:网站|站点|服务器|网页)(?:的)?(?:安全|SSL|TLS|HTTPS)?\s?证书(?:已经?)?(?:过期|到期|失效)|浏览器[^。\n]{0,20}证书(?:已经?)?(?:过期|到期|失效)|^[\s\p{P}]*(?:[您你我](?:们)?的|[此该])?(?:安全|SSL\s?)?证书已经?(?:过期|到期|失效)[\s\p{P}]*$/iu,
  ],
  [
    certificateWarning,
    /(?:your|this) connection is(?: not|n[’']t) (?:fully )?(?:private|secure)|potential security risk ahead|(?:连接|链接)不是(?:私密|专用)连接|(?:^[\s\p{P}]*|[您你]的|[此该]|(?:网站|站点|网页|之间)(?:建立)?的?|(?:提示|显示)[\s\p{P}]*)连接(?:并)?(?:不安全|非私密|非私人连接)|面临潜在的安全风险|网站的?安全证书(?:存在|有)问题/iu,
  ],
];

/**
 * The connection fault that a text names, by its code or in a sentence.
 * @param ofCloud whether a cloud said it: then no sentence is a browser's
 */
export function connectionFaultIn(
  text: string,
  ofCloud: boolean,
): (Omit<ConnectionFault, "codes"> & { readonly code: string }) | undefined {
  const read = text.slice(0, 4_000);
  const words = new Set(read.match(/[A-Z][A-Z0-9_]{3,}/g) ?? []);
  const candidates = ofCloud ? sentences : [...sentences, ...visitorSentences];
  const [said] = candidates.find(([, says]) => says.test(read)) ?? [];
  const named = connectionFaults.some(({ codes }) => codes.some((code) => words.has(code)));
  if (!named && said !== undefined) words.add(said);
  for (const { codes, ...facts } of connectionFaults) {
    const code = codes.find((candidate) => words.has(candidate));
    if (code !== undefined) return { code, ...facts };
  }
  return undefined;
}
