import type { Dispatcher } from "undici";
import type { Service } from "../catalogue/services.js";
import { proxyFrom } from "../cloud/proxy.js";
import { dispatcherFor } from "../cloud/transport.js";
import type { EnvironmentVariables } from "../config/environment.js";

/** The answer of an address to an unsigned request, which no cloud acts on. */
export interface EndpointAnswer {
  readonly service: Service;
  readonly url: URL;
  /** From the first packet to the response head, with TCP and TLS, in milliseconds. */
  readonly took?: number;
  /** How far our clock is ahead of the server's, in milliseconds, precise to a second; absent if it sends no time. */
  readonly ahead?: number;
  /** Why there was no answer. */
  readonly fault?: string;
}

/** Longest wait for one address, in milliseconds. */
const PATIENCE = 8_000;

/** Asks every address at the same time, through the proxy if there is one, like calls. */
export async function answersOf(
  targets: readonly { readonly service: Service; readonly url: URL }[],
  env: EnvironmentVariables,
): Promise<readonly EndpointAnswer[]> {
  const agent = dispatcherFor({ connectTimeout: PATIENCE, bodyTimeout: PATIENCE, proxy: proxyFrom(env) });
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
    const limits = { headersTimeout: PATIENCE, bodyTimeout: PATIENCE };
    const { headers, body } = await dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: "GET",
      ...limits,
    });
    const took = performance.now() - started;
    const now = (before + Date.now()) / 2;
    await body.dump().catch(() => {});
    return { service, url, took, ...aheadOf(headers.date, now) };
  } catch (error) {
    return { service, url, fault: faultInAnswer(error) };
  }
}

/** The header has truncated seconds: adding half a second is right on average. */
function aheadOf(date: unknown, now: number): Pick<EndpointAnswer, "ahead"> {
  const there = typeof date === "string" ? Date.parse(date) : Number.NaN;
  return Number.isNaN(there) ? {} : { ahead: now - there - 500 };
}

/** The system's or OpenSSL's error code, which can be looked up, else the message. */
export function faultInAnswer(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && typeof error.code === "string" && !error.code.startsWith("UND_ERR")) return error.code;
  return error.cause instanceof Error ? faultInAnswer(error.cause) : error.message;
}
