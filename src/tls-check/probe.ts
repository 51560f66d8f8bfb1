import { formatAddress } from "./addresses.js";
import { clientHelloOptions, outdated } from "./client-hello-options.js";
import { type HandshakeOptions, handshake } from "./handshake.js";
import {
  describeOutcome,
  type HandshakeOutcome,
  isFinal,
  isUnreached,
  isVersion,
  mayBeVersion,
} from "./handshake-outcome.js";
import { type JudgeOptions, servedCertificate } from "./served-certificate.js";
import {
  type AddressReport,
  type ClientKind,
  clientKinds,
  type ServedCertificate,
  type TlsAddress,
  type TlsCheckOptions,
} from "./tls-check.js";

/** How to connect, and how to judge what is shown. */
export interface ProbeOptions extends HandshakeOptions, JudgeOptions, Pick<TlsCheckOptions, "now"> {}

interface Attempt {
  readonly client: ClientKind;
  readonly outcome: HandshakeOutcome;
}

/** TLS 1.2 first, because there the chain can be read as it was sent. */
const tls12Clients = ["ECDSA only, TLS 1.2", "RSA only, TLS 1.2"] as const;
const tls13Clients = ["ECDSA only, TLS 1.3", "RSA only, TLS 1.3"] as const;

/**
 * What one address serves for the host: first to clients of one algorithm in TLS 1.2, then in TLS 1.3 if that showed no
 * certificate, then to all other kinds of clients. If nothing is found, whether it speaks only versions that clients
 * refuse. Rejects when the signal aborts.
 */
export async function probe(target: TlsAddress, options: ProbeOptions): Promise<AddressReport> {
  const connect: Connect = async (client) => {
    return { client, outcome: await handshake(target, clientHelloOptions[client], options) };
  };
  const first = await tryClients(tls12Clients, connect);
  if (isSettled(first)) return reportOn(target, await withOtherClients(first, connect), options);
  const second = await tryClients(tls13Clients, connect);
  if (isSettled(second)) return reportOn(target, await withOtherClients(second, connect), options);
  const all = [...first, ...second];
  if (all.every(({ outcome }) => mayBeVersion(outcome))) {
    const old = await handshake(target, outdated, options);
    if (old.kind === "certificate") return noCertificate(target, onlyOutdated(old.version));
  }
  // The TLS 1.2 outcome counts, unless it only shows that TLS 1.3 is required.
  return reportOn(target, all, options);
}

type Connect = (client: ClientKind) => Promise<Attempt>;

/** Once per kind of client, unless the first answer applies to both. */
async function tryClients(clients: readonly ClientKind[], connect: Connect): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for (const client of clients) {
    const attempt = await connect(client);
    attempts.push(attempt);
    if (isFinal(attempt.outcome) || isVersion(attempt.outcome)) break;
  }
  return attempts;
}

/** Adds what all other clients get, if one got a certificate. */
async function withOtherClients(attempts: readonly Attempt[], connect: Connect): Promise<readonly Attempt[]> {
  if (!attempts.some(({ outcome }) => outcome.kind === "certificate")) return attempts;
  const tried = attempts.map(({ client }) => client);
  const isTls12 = tried.includes(tls12Clients[0]);
  // If TLS 1.2 showed nothing, there are no TLS 1.2 clients to try.
  const remaining = clientKinds.filter((client) => !tried.includes(client) && (isTls12 || !client.endsWith("TLS 1.2")));
  return [...attempts, ...(await Promise.all(remaining.map(connect)))];
}

/** Whether another version could not show anything more. */
function isSettled(attempts: readonly Attempt[]): boolean {
  return attempts.some(({ outcome }) => outcome.kind === "certificate" || isFinal(outcome));
}

function reportOn(target: TlsAddress, attempts: readonly Attempt[], options: ProbeOptions): AddressReport {
  const certificates = certificatesOf(attempts, options, options.now());
  if (certificates.length > 0) {
    const doubts = attempts.filter(({ outcome }) => !isAnswer(outcome));
    const [doubt] = doubts;
    if (doubt === undefined) return { address: formatAddress(target), certificates };
    const unseen = doubts.map(({ client }) => client);
    const problem = `What these clients get could not be seen: ${unseen.join("; ")}. ${describeOutcome(doubt.outcome, options.timeout)}`;
    return { address: formatAddress(target), certificates, problem, unseen };
  }
  const outcomes = attempts.map(({ outcome }) => outcome);
  if (outcomes.some(({ kind }) => kind === "certificate")) {
    return noCertificate(target, "It serves a certificate that cannot be read.");
  }
  const representative = outcomes.find((outcome) => !isVersion(outcome)) ?? outcomes[0];
  if (representative === undefined) return noCertificate(target, "It was not asked.");
  const addressReport = noCertificate(target, describeOutcome(representative, options.timeout));
  return isUnreached(representative) ? { ...addressReport, unreached: true } : addressReport;
}

/** Each certificate once, with the clients that get it; separately if some clients get it untrusted. */
function certificatesOf(attempts: readonly Attempt[], options: JudgeOptions, now: Date): ServedCertificate[] {
  const found = new Map<string, ServedCertificate>();
  // Most clients get the same, and reading it takes longer than the handshake.
  const read = new Map<string, ReturnType<typeof servedCertificate>>();
  for (const { client, outcome } of attempts) {
    if (outcome.kind !== "certificate") continue;
    const sent = `${outcome.fault ?? ""} ${outcome.chain.map((each) => each.toString("latin1")).join(" ")}`;
    if (!read.has(sent)) read.set(sent, servedCertificate(outcome, options, now));
    const certificate = read.get(sent);
    if (certificate === undefined) continue;
    const key = `${certificate.sha256} ${certificate.distrust ?? ""}`;
    const known = found.get(key);
    const clients = clientKinds.filter((each) => each === client || known?.clients.includes(each));
    found.set(key, { ...(known ?? certificate), clients });
  }
  return [...found.values()];
}

/** Whether it shows what the client gets: a certificate, or an alert saying that there is none. */
function isAnswer({ kind }: HandshakeOutcome): boolean {
  return kind === "certificate" || kind === "alert" || kind === "other version";
}

function noCertificate(target: TlsAddress, problem: string): AddressReport {
  return { address: formatAddress(target), certificates: [], problem };
}

function onlyOutdated(version: string | undefined): string {
  return `It speaks only ${version === "TLSv1.1" ? "TLS 1.1" : "TLS 1.0"}, which clients refuse today.`;
}
