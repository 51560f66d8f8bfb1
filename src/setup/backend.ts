import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Operation } from "../catalogue/operation.js";
import { hostOf, type Service, type ServiceId, services } from "../catalogue/services.js";
import { CloudClient, type CloudClientOptions } from "../cloud/cloud-client.js";
import { fixedCredentials } from "../cloud/credential-source.js";
import { credentialId } from "../cloud/credentials.js";
import { CallDeadline } from "../cloud/deadline.js";
import type { Rates } from "../cloud/rate-limit.js";
import { Transport } from "../cloud/transport.js";
import type { RuntimeEnvironment } from "../config/environment.js";
import type { Configuration } from "../config/options.js";
import { journalFolder } from "../jobs/job-files.js";
import type { AccountResolver } from "../jobs/requests.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { stackOf } from "../lib/failure.js";
import { readerIn } from "../lib/language.js";
import { machineTime, type TimeSource } from "../lib/time-source.js";
import { notifierTo } from "../notify/notifier.js";
import { Outbox, type OutboxOptions } from "../notify/outbox.js";
import type { Redactor } from "../secrets/redaction/redactor.js";
import type { EndpointResolver } from "../standing-approvals/store.js";
import { HANDSHAKE_TIMEOUT } from "../tls-check/handshake.js";
import { NetworkTlsCheck, sandboxTlsCheck } from "../tls-check/network-check.js";
import { withRecentReports } from "../tls-check/recent-reports.js";
import type { TlsCheck, TlsCheckOptions } from "../tls-check/tls-check.js";
import { exclusionOf } from "./tool-selection.js";

/** Limit on establishing a connection to a cloud or a receiver of notifications, in milliseconds. */
const CONNECT_TIMEOUT = 10_000;

/**
 * Largest reply accepted. A page of 1,000 certificates, the longest documented, usually has 2 MiB, and 3.6 MiB with
 * every documented member filled in; this much is parsed in less than a tenth of a second.
 */
const MAX_REPLY_BYTES = 4 * 1024 * 1024;

/** What the server works on: the clouds, or the sandbox. */
export interface Backend extends RuntimeEnvironment {
  readonly endpoints: Partial<Readonly<Record<ServiceId, URL>>>;
  /** What replaces the clouds' edge, and the roots to trust there; none for the real one. */
  readonly edge: Pick<TlsCheckOptions, "roots" | "judge"> & { readonly addresses: TlsCheckOptions["overrides"] };
  /** Path of the journal of jobs. */
  readonly jobs: string;
  /** A message for the operator. */
  readonly notice?: string;
  close(): Promise<void>;
}

export async function createBackend(configuration: Configuration, environment: RuntimeEnvironment): Promise<Backend> {
  if (configuration.sandbox) return createSandboxBackend(configuration, environment);
  const jobs = configuration.jobs ?? journalFolder();
  return { ...environment, endpoints: configuration.endpoint, edge: { addresses: [] }, jobs, close: async () => {} };
}

async function createSandboxBackend(
  { sandboxSpeed: speed, sandboxDomains: domains, site, endpoint }: Configuration,
  environment: RuntimeEnvironment,
) {
  // Loaded only here: it needs an X.509 and a zip library.
  const { startSandbox } = await import("../sandbox/server.js");
  const sandbox = await startSandbox({ speed, domains, site, name: environment.account?.name });
  const addresses = Object.entries(sandbox.endpoints).map(([id, address]) => [id, new URL(address)] as const);
  // The account ends with the sandbox, and so do its jobs: no sandbox sees the jobs of another.
  const jobs = join(tmpdir(), `cloudcert-sandbox-${randomUUID()}`);
  return {
    ...environment,
    endpoints: { ...Object.fromEntries(addresses), ...endpoint },
    edge: { addresses: sandbox.edge.addresses, roots: [sandbox.edge.rootPem] },
    jobs,
    notice: `sandbox is up; what it holds: ${sandbox.control}/state`,
    close: async () => {
      await Promise.all([sandbox.close(), rm(jobs, { recursive: true, force: true })]);
    },
  };
}

interface CloudClientDeps {
  readonly time?: TimeSource | undefined;
  readonly redactor: Pick<Redactor, "redact" | "addSecrets">;
  /** The rates that several servers share, by whose calls the vendor counts; the client's own if absent. */
  readonly ratesFor?: ((accountOf: (operation: Operation) => string) => Rates) | undefined;
  /** Hears of each call that failed. */
  readonly onFailure?: CloudClientOptions["onFailure"];
}

/** The client for calls, as the operator configured it. */
export function createCloudClient(
  { credentials, account, endpoints, proxy }: Backend,
  configuration: Configuration,
  log: (line: string) => void,
  { time = machineTime, redactor, ratesFor, onFailure }: CloudClientDeps,
) {
  const transport = new Transport({ connectTimeout: CONNECT_TIMEOUT, maxReplyBytes: MAX_REPLY_BYTES, proxy });
  const opened = account?.open?.({
    exchange: (request, signal, replyTimeout) => transport.exchange(request, signal, replyTimeout),
    nonce: randomUUID,
    maskSecrets: (secrets) => redactor.addSecrets(secrets),
    ...time,
  });
  const source = opened ?? fixedCredentials(credentials);
  // Masked from the start, not only from the first call.
  source.latest();
  const signer = (operation: Operation) =>
    account?.name ?? credentialId(source.latest(), operation.service.cloud) ?? "none";
  const cloud = new CloudClient({
    rates: ratesFor?.(signer),
    exclusionOf: (operation) => exclusionOf(operation, configuration),
    source,
    endpoints,
    site: configuration.site,
    regions: regionsOf(configuration),
    tencentSignature: configuration.tencentSignature,
    timeout: configuration.timeout,
    transport,
    ...time,
    nonce: randomUUID,
    random: Math.random,
    redact: (text) => redactor.redact(text),
    onFailure,
    log,
  });
  return { cloud, transport };
}

/** Robots answer with a line of JSON; what is longer is not read. In bytes. */
const MAX_ANSWER_BYTES = 16 * 1024;

/** What sends to the receivers of a setting, over connections of its own, so that calls to the clouds do not wait. */
interface SharedOutboxes {
  readonly outboxes: readonly Outbox[];
  readonly transport: Transport;
  /** How many accounts use it. */
  users: number;
}

/**
 * One for all accounts of a process, which share the setting: the vendors count the messages of a robot, whichever
 * account they are about.
 */
const sharedOutboxes = new WeakMap<RuntimeEnvironment["notify"], SharedOutboxes>();

function outboxesFor(notify: RuntimeEnvironment["notify"], options: Omit<OutboxOptions, "exchange">): SharedOutboxes {
  const shared = sharedOutboxes.get(notify);
  if (shared !== undefined) return shared;
  const { targets, proxy } = notify;
  const transport = new Transport({ connectTimeout: CONNECT_TIMEOUT, maxReplyBytes: MAX_ANSWER_BYTES, proxy });
  const exchange: OutboxOptions["exchange"] = (request, signal) => transport.exchange(request, signal);
  const outboxes = targets.map(({ receiver }) => new Outbox(receiver, { ...options, exchange }));
  const made = { outboxes, transport, users: 0 };
  sharedOutboxes.set(notify, made);
  return made;
}

interface NotifierOptions {
  readonly env: EnvironmentVariables;
  readonly redact: (text: string) => string;
  readonly log: (line: string) => void;
  readonly time: TimeSource;
}

/** Notifies people of what happens in an account, as the operator configured it. */
export function createNotifier(
  { sandbox, language }: Pick<Configuration, "sandbox" | "language">,
  { notify: receivers, account }: Pick<RuntimeEnvironment, "notify" | "account">,
  { env, redact, log, time }: NotifierOptions,
) {
  const deadline = (ms: number, signal: AbortSignal) => new CallDeadline(ms, signal, time.elapsed);
  const sending = outboxesFor(receivers, { ...time, deadline, log });
  sending.users += 1;
  const notify = notifierTo(sending.outboxes, {
    now: time.now,
    reader: readerIn(env, language),
    sandbox,
    account: account?.name,
    redact,
    log,
  });
  return {
    notify,
    /** Allows waiting messages `ms` milliseconds to be sent, once no other account sends any more. */
    close: async (ms: number) => {
      sending.users -= 1;
      if (sending.users > 0) return;
      sharedOutboxes.delete(receivers);
      const limit = deadline(ms, new AbortController().signal);
      await Promise.all(sending.outboxes.map((outbox) => outbox.close(limit.signal)));
      limit.close();
      await sending.transport.close();
    },
  };
}

/** Where calls to a service go. */
export function endpointOf(service: Service, { endpoints }: Backend, configuration: Configuration) {
  const region = regionsOf(configuration)[service.cloud];
  return endpoints[service.id] ?? new URL(`https://${hostOf(service, configuration.site, region)}/`);
}

/** The accounts and endpoints that calls reach; the journal keeps them apart. */
export function accountResolver(
  { endpoints, credentials, account }: Backend,
  configuration: Configuration,
): AccountResolver {
  return (id) => {
    const service = services.find((each) => each.id === id);
    const credential = service && credentialId(credentials, service.cloud);
    if (service === undefined || credential === undefined) return undefined;
    const endpoint = accountEndpointOf(service, endpoints, configuration);
    return { credential, endpoint, ...(account && { name: account.name }) };
  };
}

/** Where the accounts that calls to a service reach are: host, with port and path unless they are the defaults. */
function accountEndpointOf(
  service: Service,
  { [service.id]: given }: Backend["endpoints"],
  configuration: Configuration,
): string {
  // All regions of Tencent Cloud and of Alibaba Cloud show the same resources.
  const region = service.cloud === "huawei" ? configuration.huaweiRegion : undefined;
  return given ? `${given.host}${given.pathname.replace(/\/$/, "")}` : hostOf(service, configuration.site, region);
}

/** No endpoint: a host has no space. */
const ownSandbox = "the sandbox";

/**
 * The same for standing approvals, which outlast a process: each sandbox that a process starts for itself is like any
 * other, on whatever port it is.
 */
export function standingEndpoints({ endpoints }: Backend, configuration: Configuration): EndpointResolver {
  return (id) => {
    const service = services.find((each) => each.id === id);
    if (service === undefined) return undefined;
    if (configuration.sandbox && configuration.endpoint[service.id] === undefined) return ownSandbox;
    return accountEndpointOf(service, endpoints, configuration);
  };
}

function regionsOf({ tencentRegion: tencent, alibabaRegion: alibaba, huaweiRegion: huawei }: Configuration) {
  return { ...(tencent && { tencent }), ...(alibaba && { alibaba }), ...(huawei && { huawei }) };
}

/** Looks at what domains serve, as the operator allows it. */
export function createTlsCheck(
  { edge }: Pick<Backend, "edge">,
  { sandbox, edge: overrides, edgeDomains, edgePrivate }: Configuration,
  log: (line: string) => void,
  { now }: Pick<TimeSource, "now">,
): TlsCheck {
  const check = new NetworkTlsCheck({
    overrides: [...edge.addresses, ...overrides],
    domains: edgeDomains,
    allowPrivate: edgePrivate,
    roots: edge.roots,
    judge: edge.judge,
    timeout: HANDSHAKE_TIMEOUT,
    now,
    report: (error) => log(stackOf(error)),
  });
  return withRecentReports(sandbox ? sandboxTlsCheck(check) : check);
}
