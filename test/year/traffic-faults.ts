import type { ServiceId } from "../../src/catalogue/services.js";
import { type Outcome, startProxy } from "../support/cloud-proxy.js";

/** What happens to a request on its way to a cloud, or to its answer on the way back. */
export type Fault = "unavailable" | "throttled" | "lost" | "silent" | "kill before" | "kill after";

export interface FaultyWay {
  readonly endpoints: Readonly<Record<string, string>>;
  /** Faults by kind, that happened. */
  readonly happened: ReadonlyMap<Fault, number>;
  close(): Promise<void>;
}

export interface FaultyWayOptions {
  readonly endpoints: Readonly<Record<ServiceId, string>>;
  /** Asked for each request; undefined: it passes. */
  readonly faultFor: (service: string) => Fault | undefined;
  /** Ends the program that sent the request, as a kill does. */
  readonly kill: () => void;
}

/** A proxy in front of each service. */
export async function openFaultyWay({ endpoints, faultFor, kill }: FaultyWayOptions): Promise<FaultyWay> {
  const happened = new Map<Fault, number>();
  const opened = await Promise.all(
    Object.entries(endpoints).map(async ([service, cloud]) => {
      const proxy = await startProxy(cloud, async (passOn): Promise<Outcome> => {
        const fault = faultFor(service);
        if (fault !== undefined) happened.set(fault, (happened.get(fault) ?? 0) + 1);
        switch (fault) {
          case "unavailable":
            return { status: 503, headers: { "content-type": "text/html" }, body: "<h1>503</h1>" };
          case "throttled":
            return refusal(service);
          case "silent":
            // The program gives up in its own time.
            return "silence";
          case "kill before":
            kill();
            return "lost";
          default: {
            const answer: Outcome = await passOn().catch(() => "lost");
            if (fault === "kill after") kill();
            return fault === undefined ? answer : "lost";
          }
        }
      });
      return { service, proxy };
    }),
  );
  return {
    endpoints: Object.fromEntries(opened.map(({ service, proxy }) => [service, proxy.url])),
    happened,
    close: async () => {
      for (const { proxy } of opened) await proxy.close();
    },
  };
}

/** As the cloud refuses a call that is one too many (docs/cloud-behaviour.md 1.5). */
function refusal(service: string): Outcome {
  const headers = { "content-type": "application/json" };
  const written = (status: number, body: unknown) => ({ status, headers, body: JSON.stringify(body) });
  if (service.startsWith("tencent")) {
    const refused = { Code: "RequestLimitExceeded", Message: "Too many calls." };
    return written(200, { Response: { Error: refused, RequestId: "throttled" } });
  }
  if (service.startsWith("alibaba")) {
    const Message = "Request was denied due to user flow control.";
    return written(400, { RequestId: "throttled", Code: "Throttling.User", Message });
  }
  return written(429, { error_code: "APIGW.0308", error_msg: "Too many requests." });
}
