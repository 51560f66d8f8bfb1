import { once } from "node:events";
import { connect } from "node:net";
import type { Dispatcher } from "undici";
import type { Cloud, Service } from "../catalogue/services.js";
import { dispatcherFor } from "../cloud/dispatcher.js";
import { type ProxySettings, proxyFrom } from "../cloud/proxy.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { joined, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import {
  type Check,
  type DoctorFinding,
  doctorWarning,
  type EndpointAnswer,
  failure,
  ok,
  titleOf,
} from "./check-result.js";

/** Longest wait for one address, in milliseconds. */
const ADDRESS_TIMEOUT = 8_000;

/** Asks every address at the same time, through the proxy if there is one, like calls. */
export async function answersOf(
  targets: readonly { readonly service: Service; readonly url: URL }[],
  env: EnvironmentVariables,
): Promise<readonly EndpointAnswer[]> {
  const agent = dispatcherFor({ connectTimeout: ADDRESS_TIMEOUT, bodyTimeout: ADDRESS_TIMEOUT, proxy: proxyFrom(env) });
  try {
    return await Promise.all(targets.map(({ service, url }) => ask(service, url, agent)));
  } finally {
    await agent.destroy();
  }
}

async function ask(service: Service, url: URL, dispatcher: Dispatcher): Promise<EndpointAnswer> {
  const started = performance.now();
  const before = Date.now();
  try {
    const { headers, body } = await dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: "GET",
      headersTimeout: ADDRESS_TIMEOUT,
    });
    const elapsedMs = performance.now() - started;
    const now = (before + Date.now()) / 2;
    await body.dump().catch(() => {});
    return { service, url, elapsedMs, ...clockOffset(headers.date, now) };
  } catch (error) {
    return { service, url, fault: faultInAnswer(error) };
  }
}

/** The header has truncated seconds: adding half a second is right on average. */
function clockOffset(date: unknown, now: number): Pick<EndpointAnswer, "clockAheadMs"> {
  const serverTime = typeof date === "string" ? Date.parse(date) : Number.NaN;
  return Number.isNaN(serverTime) ? {} : { clockAheadMs: now - serverTime - 500 };
}

/** The system's or OpenSSL's error code, which can be looked up, else the message. */
function faultInAnswer(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && typeof error.code === "string" && !error.code.startsWith("UND_ERR")) return error.code;
  return error.cause instanceof Error ? faultInAnswer(error.cause) : error.message;
}

/** Longest wait for a proxy, in milliseconds. */
const PROXY_TIMEOUT = 5_000;

export const proxy: Check = async ({ env }) => {
  const settings = proxyFrom(env);
  return [settings === undefined ? ok(safe`None is set (HTTPS_PROXY).`) : await reach(settings)];
};

/** The address may hold a password, so only host and port are shown. */
async function reach({ address, except }: ProxySettings): Promise<DoctorFinding> {
  const { hostname, port, protocol } = address;
  const usual = protocol === "https:" ? 443 : 80;
  const place = verbatim(`${hostname}:${port || usual}`);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || usual) });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(PROXY_TIMEOUT) });
    return ok(safe`${place} takes connections (HTTPS_PROXY). Not for ${verbatim(except)}.`);
  } catch (error) {
    return failure(
      safe`The proxy ${place} cannot be reached: ${verbatim(faultInAnswer(error))} (HTTPS_PROXY).`,
      safe`Start the proxy or correct HTTPS_PROXY; add hosts that are reached without it to NO_PROXY.`,
    );
  } finally {
    socket.destroy();
  }
}

/** A call takes several round trips; beyond this, time limits get close. In milliseconds. */
const SLOW = 3_000;

export const endpoints: Check = ({ answers }) => {
  const faults = new Set(answers.flatMap(({ fault }) => fault ?? []));
  const alike = (fault: string) => answers.filter((answer) => answer.fault === fault);
  return [...answers.flatMap(reachable), ...[...faults].map((fault) => unreachable(fault, alike(fault)))];
};

const placeOf = ({ service, url }: EndpointAnswer) => safe`${titleOf(service)}, ${verbatim(url.host)}`;

function reachable(answer: EndpointAnswer): DoctorFinding[] {
  const { elapsedMs } = answer;
  if (elapsedMs === undefined) return [];
  const says = safe`${placeOf(answer)}: connected and answered in ${Math.round(elapsedMs)} ms.`;
  return [elapsedMs > SLOW ? doctorWarning(says, safe`Calls may run into their time limit: see --timeout.`) : ok(says)];
}

/** Equal failures have one cause. */
function unreachable(fault: string, answers: readonly EndpointAnswer[]): DoctorFinding {
  return failure(safe`No answer (${verbatim(fault)}): ${joined(answers.map(placeOf), safe`; `)}.`, remedyFor(fault));
}

function remedyFor(fault: string): SafeText {
  if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS/.test(fault)) {
    return safe`Something between here and the cloud shows a certificate of its own: if that is intended, name its root in NODE_EXTRA_CA_CERTS.`;
  }
  if (/ENOTFOUND|EAI_AGAIN/.test(fault))
    return safe`The name does not resolve here: check DNS, the region and the proxy.`;
  return safe`Check the network, the firewall and the proxy.`;
}

/** How far off the clock may be before a cloud refuses signatures; seconds (docs/cloud-behaviour.md 2.1, 5.1, 6.1). */
const allowed: Readonly<Record<Cloud, number>> = { tencent: 300, alibaba: 900, huawei: 900 };
/** More than the Date header's precision and latency explain, in seconds. */
const NOTABLE = 30;

export const clock: Check = ({ answers }) => {
  const offsets = answers.flatMap(({ service, clockAheadMs }) =>
    clockAheadMs === undefined ? [] : [{ service, seconds: Math.round(clockAheadMs / 1000) }],
  );
  const [worst] = offsets.toSorted((one, other) => Math.abs(other.seconds) - Math.abs(one.seconds));
  return [
    worst === undefined
      ? doctorWarning(
          safe`Not compared: no service reported its time.`,
          safe`See endpoints, or compare the clock by hand.`,
        )
      : clockFinding(worst.service, worst.seconds),
  ];
};

function clockFinding(service: Service, seconds: number): DoctorFinding {
  const off = Math.abs(seconds);
  if (off < NOTABLE) return ok(safe`Within ${Math.max(off, 1)} s of the clouds' clocks.`);
  const says =
    seconds > 0
      ? safe`This computer's clock is ${off} s ahead of that of ${titleOf(service)}`
      : safe`This computer's clock is ${off} s behind that of ${titleOf(service)}`;
  const limit = allowed[service.cloud];
  const next = safe`Set the clock, preferably by NTP.`;
  if (off >= limit) return failure(safe`${says}, which refuses signatures that are off by ${limit} s.`, next);
  return doctorWarning(safe`${says}; signatures are refused from ${limit} s.`, next);
}
