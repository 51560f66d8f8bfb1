import type {
  AuthorityVerdicts,
  GivenAuthority,
  GivenKey,
  GivenPair,
  PairVerdicts,
} from "../catalogue/certificate-arguments.js";
import { asOutage, type Finding, finding, type Verdict, warning } from "../catalogue/finding.js";
import { type Bundle, certificateLabel, readBundle, whyTooLarge } from "../certificates/bundle.js";
import { endingBeforeLeaf, neededPositions } from "../certificates/chain.js";
import { unsupportedEncryption } from "../certificates/key-encryption.js";
import { fits, type KeyObstacle, onlyClaimsToFit, openPrivateKey } from "../certificates/private-key.js";
import { type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { checkChain, checkTrust } from "./check-chain.js";
import { checkDates } from "./check-dates.js";
import { checkKinds, checkStrength } from "./check-strength.js";
import { checkNames, checkServerUse } from "./check-usage.js";
import type { Examined } from "./examined.js";

/**
 * Everything that can be checked about the pair without a network; what the clouds check first comes first.
 * @param roots roots that clients trust besides those of Node.js, in PEM
 */
export function checkPair(
  given: GivenPair,
  verdicts: PairVerdicts,
  now: Date,
  roots: readonly string[] = [],
): Finding[] {
  const { parameter, pem, key, domains = [] } = given;
  const bundle = readBundle(pem);
  if (bundle === undefined) return [unreadable(parameter, pem, verdicts.unreadable)];
  const { leaf, certificates } = bundle;
  const examined = { ...bundle, parameter, now, roots, needed: neededPositions(certificates, now, roots) };
  const keyCheck = key && !leaf.key.damaged ? checkKey(key, bundle, verdicts) : { findings: [] };
  return [
    ...checkParts(examined, verdicts),
    ...keyCheck.findings,
    ...checkDates(examined, verdicts.expired, endingBeforeLeaf(certificates, roots)),
    ...checkNames(examined, domains, verdicts.uncovered),
    ...checkServerUse(examined),
    ...checkStrength(examined),
    // If a standard is required, a finding already says whether SM2 is accepted.
    ...(leaf.sm2 && verdicts.standard ? [] : checkKinds(examined)),
    // A damaged key verifies no signature. And if the private key belongs to another server's certificate, the chain of
    // the first one is not the one meant.
    ...(keyCheck.isForLaterLeaf || certificates.some(({ key: each }) => each.damaged)
      ? []
      : [...checkChain(examined), ...checkTrust(examined)]),
  ];
}

type PartVerdicts = Omit<AuthorityVerdicts, "notCa">;

/** What is checked of a server's certificate and of a CA's alike. */
function checkParts(examined: Examined, verdicts: PartVerdicts): Finding[] {
  return [
    ...checkForm(examined, verdicts),
    ...checkStandard(examined, verdicts),
    ...checkPublicKeys(examined, verdicts),
  ];
}

/** A certificate parses even if its public key does not. */
function checkPublicKeys(
  { certificates, parameter }: Examined,
  { unreadable: ofLeaf, brokenChain: ofChain }: PartVerdicts,
): Finding[] {
  return certificates.flatMap(({ key }, index) => {
    if (!key.damaged) return [];
    const what =
      key.type === "EC" ? safe`is not a valid point on its curve` : safe`cannot be read as ${verbatim(key.type)}`;
    const says = safe`${certificateLabel(index)} is damaged: its public key ${what}.`;
    return [asOutage(finding(parameter, says, index === 0 ? ofLeaf : ofChain, "Get it from the CA again."))];
  });
}

/** The same about a CA's certificate. */
export function checkAuthority(
  { parameter, pem, ifServers }: GivenAuthority,
  verdicts: AuthorityVerdicts,
  now: Date,
): Finding[] {
  const bundle = readBundle(pem);
  if (bundle === undefined) return [unreadable(parameter, pem, verdicts.unreadable)];
  // No client of a domain gets the certificates of a CA that is uploaded by itself.
  const examined = { ...bundle, parameter, now, roots: [], needed: new Set<number>() };
  const notCa = bundle.leaf.isCa
    ? []
    : [finding(parameter, safe`The certificate is not a CA certificate.`, verdicts.notCa, ifServers)];
  return [...checkParts(examined, verdicts), ...notCa, ...checkDates(examined), ...checkStrength(examined)];
}

function unreadable(parameter: string, pem: string, verdict: Verdict): Finding {
  const excess = whyTooLarge(pem);
  if (excess !== undefined) return finding(parameter, excess, "error");
  const begun = pem.includes("-----BEGIN CERTIFICATE-----");
  const says = begun ? safe`The first certificate does not parse.` : safe`There is no PEM certificate in the text.`;
  return finding(parameter, says, verdict, "Get the certificate from the CA again, as PEM.");
}

function checkForm(
  { unparsable, hasOtherText, hasPrivateKey, parameter }: Examined,
  { brokenChain }: PartVerdicts,
): Finding[] {
  const found = unparsable.map((position) => {
    const says = safe`Certificate ${position} of the chain does not parse.`;
    return finding(parameter, says, brokenChain, "Get it from the CA again.");
  });
  if (hasPrivateKey)
    found.push(warning(parameter, safe`There is a private key in the text of the certificate: take it out.`));
  else if (hasOtherText)
    found.push(warning(parameter, safe`There is other text beside the PEM certificates: take it out.`));
  return found;
}

function checkStandard({ leaf, parameter }: Examined, { standard }: PartVerdicts): Finding[] {
  if (standard === undefined || leaf.sm2 === standard.sm2) return [];
  const says = leaf.sm2
    ? safe`The certificate is of the SM2 standard, and an RSA or ECC one is needed.`
    : safe`The certificate is not of the SM2 standard.`;
  const next = standard.sm2 ? "Name an SM2 pair." : "Name an RSA or ECC certificate.";
  return [finding(parameter, says, standard.otherwise, next)];
}

interface KeyCheck {
  readonly findings: readonly Finding[];
  /** The text holds the certificates of two servers, and the key belongs to the later one. */
  readonly isForLaterLeaf?: true;
}

/** Whether the key can be opened and belongs to the first certificate. */
function checkKey(given: GivenKey, { leaf, certificates }: Bundle, verdicts: PairVerdicts): KeyCheck {
  const { parameter, pem, password } = given;
  const key = openPrivateKey(pem, password?.value);
  if (key === "unsupported encryption") return { findings: [uncheckedKey(given)] };
  if (typeof key === "string") {
    return {
      findings: [finding(parameter, describeObstacle(key, password?.parameter), verdicts.badKey, nextAfter(key))],
    };
  }
  if (fits(leaf, key)) return { findings: [] };
  const mismatch = (says: SafeText, next: string) => [finding(parameter, says, verdicts.mismatch, next)];
  if (onlyClaimsToFit(leaf, key)) {
    const says = safe`The private key is damaged or was altered: it states the certificate's public half, but is not its key.`;
    return { findings: mismatch(says, "Take the key from where it was made.") };
  }
  const owner = certificates.findIndex((certificate) => fits(certificate, key));
  if (owner <= 0) {
    const says = safe`The private key does not belong to the certificate.`;
    const next = "Name the key whose CSR the certificate was issued for, or the certificate of this key.";
    return { findings: mismatch(says, next) };
  }
  if (!leaf.isCa && certificates[owner]?.isCa === false) {
    const says = safe`Certificates 1 and ${owner + 1} are both a server's, and the private key belongs to certificate ${owner + 1}.`;
    const next = `Send certificate ${owner + 1} with its own chain and this key, without the other. The other is a certificate by itself, with its own key; an EdgeOne host that serves both takes it as also_certificate_id.`;
    return { findings: mismatch(says, next), isForLaterLeaf: true };
  }
  const says = safe`The private key belongs to certificate ${owner + 1} of the chain, so the leaf is not first.`;
  return { findings: mismatch(says, `Put certificate ${owner + 1} first, after it its issuer, and so on.`) };
}

/** The cloud gets such a key together with its password, and may know more ciphers. */
function uncheckedKey({ parameter, pem }: GivenKey): Finding {
  const encryption = unsupportedEncryption(pem);
  const says = encryption
    ? safe`The private key is encrypted with ${verbatim(encryption.name)} and cannot be opened here: whether it belongs to the certificate was not checked.`
    : safe`The private key is encrypted in a way that is not known here: whether it belongs to the certificate was not checked.`;
  return warning(parameter, says, "If the cloud does not open it either, encrypt the key with AES-256 and name that.");
}

function nextAfter(obstacle: UnusableKey): string {
  return obstacle === "unreadable"
    ? "Name a file that holds the whole private key, RSA or EC, in PEM."
    : "Name its password, too: in the reference to the key, as ;password= and the password's own reference.";
}

type UnusableKey = Exclude<KeyObstacle, "unsupported encryption">;

function describeObstacle(obstacle: UnusableKey, passwordParameter: string | undefined): SafeText {
  switch (obstacle) {
    case "unreadable":
      return safe`The private key is not PEM that can be read.`;
    case "wrong password":
      return safe`The password in ${verbatim(passwordParameter ?? "")} does not open the private key.`;
    case "encrypted":
      return passwordParameter === undefined
        ? safe`The private key is encrypted, and this operation takes no password: name an unencrypted one.`
        : safe`The private key is encrypted: give its password in ${verbatim(passwordParameter)}.`;
  }
}
