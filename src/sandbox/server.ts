import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import {
  alibabaCas,
  alibabaCasAbroad,
  alibabaCdn,
  alibabaDcdn,
  alibabaVod,
  huaweiLive,
  huaweiScm,
  type Service,
  type ServiceId,
  type Site,
  tencentEdgeone,
  tencentSsl,
} from "../catalogue/services.js";
import type { Account } from "./account.js";
import { casHandlers } from "./alibaba-cas.js";
import { alibabaHandlers } from "./alibaba-domains.js";
import { alibabaReads } from "./alibaba-reads.js";
import { NonceMemory } from "./auth/alibaba.js";
import { SandboxClock } from "./clock.js";
import { answerControl } from "./control.js";
import { sandboxCredentialVariables } from "./credentials.js";
import { daysFrom, domainServing, type KeyPair } from "./delivery.js";
import { addressText, openEdge, type SandboxEdge } from "./edge/edge.js";
import { Propagation } from "./edge/propagation.js";
import { edgeoneHandlers } from "./edgeone-hosts.js";
import { edgeoneReads } from "./edgeone-reads.js";
import { lagging, onSite } from "./handler.js";
import type { SandboxReply } from "./http.js";
import { huaweiHandlers } from "./huawei-live.js";
import { huaweiReads } from "./huawei-reads.js";
import { scmHandlers } from "./huawei-scm.js";
import { listen } from "./listener.js";
import type { LoggedRequest } from "./request-log.js";
import { seedAlibaba } from "./seed/alibaba.js";
import { demoAuthority, issueDemoCertificate, wholeHour } from "./seed/demo-certificate.js";
import { seedZones } from "./seed/edgeone.js";
import { seedHuawei } from "./seed/huawei.js";
import { seedSsl } from "./seed/tencent-ssl.js";
import { answer } from "./service-endpoint.js";
import { sslCompanionHandlers, sslHandlers } from "./tencent-ssl/index.js";
import { throttle } from "./throttle.js";
import type { Host } from "./zones.js";

export interface SandboxOptions {
  /** Speed factor for everything that takes time in the clouds; 1 if absent. */
  readonly speed?: number | undefined;
  /** Milliseconds since the epoch; the system's clock if absent. */
  readonly now?: (() => number) | undefined;
  /** Whether the vendors' documented rates are enforced; off if absent. */
  readonly rates?: boolean | undefined;
  /** Number of domains to add to those of the demo, over all services; none if absent. */
  readonly domains?: number | undefined;
  /** How long a list of domains may lag behind what was changed, in milliseconds; not at all if absent. */
  readonly listLag?: number | undefined;
  /** What each address of the edge takes for a change, one after the other, in milliseconds; 20 seconds if absent. */
  readonly edgeStep?: (() => number) | undefined;
  /** Tells accounts apart: the certificates of each have other ids. */
  readonly name?: string | undefined;
  /** Which Tencent Cloud site to play; the international one if absent. */
  readonly site?: Site | undefined;
  /** Products of Alibaba Cloud that the account never switched on; none if absent. */
  readonly notSwitchedOn?: readonly ServiceId[] | undefined;
}

export interface Sandbox {
  readonly endpoints: Readonly<Record<ServiceId, string>>;
  /** Address of `/state`, `/requests` and `/ca.pem`. */
  readonly control: string;
  /** Address of the edge, and the root of its certificates. */
  readonly edge: Pick<SandboxEdge, "addresses" | "faults"> & { readonly rootPem: string };
  /** Credentials by the variable names of the program. */
  readonly env: Readonly<Record<string, string>>;
  readonly account: Account;
  readonly requests: readonly LoggedRequest[];
  close(): Promise<void>;
}

/** The three clouds on loopback: a listener for each service, their edge, and one for the sandbox's own state. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { speed, now, rates = false } = options;
  const { account, handlers } = await openAccount(new SandboxClock(now, speed), options);
  const requests: LoggedRequest[] = [];
  const propagation = new Propagation(account, options.edgeStep);
  const listeners: { close(): Promise<void> }[] = [];
  const open = async (serve: (message: IncomingMessage) => Promise<SandboxReply>) => {
    const listener = await listen(serve, account.clock);
    listeners.push(listener);
    return listener.url;
  };
  const admits = rates ? throttle(account.clock) : undefined;
  const openService = (service: Service) => {
    const own = handlers.filter(({ operation }) => operation.service === service);
    const endpoint = { service, handlers: own, account, nonces: new NonceMemory(), admits };
    const answerAndRecord = async (message: IncomingMessage) => {
      propagation.recordChanges();
      return answer(message, endpoint, requests).finally(() => propagation.recordChanges());
    };
    return open(answerAndRecord);
  };
  const edge = await openEdge(propagation);
  listeners.push(edge);
  return {
    endpoints: {
      "tencent-ssl": await openService(tencentSsl),
      "tencent-edgeone": await openService(tencentEdgeone),
      "alibaba-cdn": await openService(alibabaCdn),
      "alibaba-dcdn": await openService(alibabaDcdn),
      "alibaba-vod": await openService(alibabaVod),
      "alibaba-cas": await openService(alibabaCas),
      "alibaba-cas-intl": await openService(alibabaCasAbroad),
      "huawei-live": await openService(huaweiLive),
      "huawei-scm": await openService(huaweiScm),
    },
    control: await open((message) => answerControl(message, account, requests, edge)),
    edge: { addresses: edge.addresses, rootPem: account.authority.rootPem, faults: edge.faults },
    env: sandboxCredentialVariables,
    account,
    requests,
    close: async () => void (await Promise.all(listeners.map((listener) => listener.close()))),
  };
}

/** Runs the sandbox standalone: prints one line of JSON with its addresses and runs until `stop` aborts. */
export async function runSandbox(
  options: SandboxOptions,
  out: { write(text: string): unknown },
  stop: AbortSignal,
): Promise<void> {
  const sandbox = await startSandbox(options);
  try {
    const { endpoints, env, control } = sandbox;
    const edge = sandbox.edge.addresses.map(addressText);
    out.write(`${JSON.stringify({ endpoints, env, control, edge })}\n`);
    if (!stop.aborted) await once(stop, "abort");
  } finally {
    await sandbox.close();
  }
}

async function openAccount(
  clock: SandboxClock,
  { site = "intl", domains = 0, listLag = 0, notSwitchedOn = [], name = "" }: SandboxOptions,
) {
  const now = clock.now();
  const hour = wholeHour(now);
  const { authority, issuer } = await demoAuthority(hour, name);
  const storefront = await issueDemoCertificate(issuer, hour);
  const [ssl, alibaba, huawei] = await Promise.all([
    seedSsl(clock, issuer, storefront, name),
    seedAlibaba(issuer, hour, storefront),
    seedHuawei(issuer, hour, storefront),
  ]);
  const account: Account = {
    clock,
    authority,
    ssl: ssl.state,
    zones: seedZones(ssl.boundCertificateId, now),
    ...alibaba,
    ...huawei,
    notSwitchedOn: new Set(notSwitchedOn),
  };
  addDomains(account, storefront, ssl.boundCertificateId, domains);
  const handlers = [
    ...sslHandlers,
    ...sslCompanionHandlers,
    ...edgeoneHandlers,
    ...alibabaHandlers,
    ...huaweiHandlers,
    ...[...edgeoneReads, ...alibabaReads, ...huaweiReads].map((each) => lagging(each, listLag)),
    ...casHandlers,
    ...scmHandlers,
  ].flatMap((each) => onSite(each, site) ?? []);
  return { account, handlers };
}

/** Hosts of one added EdgeOne zone; a page of them has 200. */
const HOSTS_PER_ZONE = 250;

/**
 * Adds `count` domains below example.com, in turn to EdgeOne, Alibaba CDN, DCDN and VOD, and Huawei Live. Each serves the
 * old wildcard; EdgeOne's are spread over zones.
 */
function addDomains(account: Account, storefront: KeyPair, certificateId: string, count: number): void {
  const changedAt = daysFrom(account.clock.now(), -30);
  for (let index = 0; index < count; index += 1) {
    const name = `site-${String(index).padStart(5, "0")}.example.com`;
    const domain = domainServing(storefront, name, changedAt);
    const places = [
      () =>
        addHost(account, index, { name, mode: "sslcert", certificateIds: [certificateId], clientCaIds: [], changedAt }),
      () => account.cdn.set(name, domain),
      () => account.dcdn.set(name, domain),
      () => account.vod.set(name, domain),
      () => account.live.set(name, domain),
    ];
    places[index % places.length]?.();
  }
}

function addHost({ zones }: Account, index: number, host: Host): void {
  const id = `zone-sandbox${Math.floor(index / 5 / HOSTS_PER_ZONE)}`;
  const zone = zones.get(id) ?? { id, name: "example.com", hosts: new Map<string, Host>() };
  zone.hosts.set(host.name, host);
  zones.set(id, zone);
}
