import { type FastifyInstance, fastify } from "fastify";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { AuditEntry } from "../audit/entry.js";
import { type RequestResult, resultOf } from "../audit/outcome.js";
import type { ListenAddress } from "../config/team-options.js";
import { dayMs } from "../lib/days.js";
import { keepNewest } from "../lib/keep-newest.js";
import { ToolError } from "../lib/tool-error.js";
import type { WorkspaceOptions } from "../mcp/workspace.js";
import type { Observer } from "../setup/observe-for-metrics.js";

/** Most domains that are reported; those unseen for longest are dropped. */
const MAX_DOMAINS = 5_000;

/** Seconds: a read takes tenths, a deployment minutes. */
const callBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180, 600];
const waitBuckets = [10, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400];

/** How requests are counted; what is found later was counted as unknown. */
const outcomeLabels: Readonly<Record<RequestResult, string | undefined>> = {
  accepted: "ok",
  found: undefined,
  "not sent": "not_sent",
  failed: "failed",
  unknown: "unknown",
};

/** What this server reports to Prometheus; it contains no person's name. */
export class Metrics implements Observer {
  readonly #registry = new Registry();
  readonly #now: () => number;
  readonly #ends = new Map<string, number>();
  readonly #calls = this.#counter("calls_total", "Calls of tools, by how they were answered", ["tool", "outcome"]);
  readonly #callSeconds = this.#histogram("call_seconds", "Time until a call was answered", ["effect"], callBuckets);
  readonly #approvals = this.#counter("approvals_total", "Questions to people, by how they ended", ["outcome"]);
  readonly #waits = this.#histogram("approval_wait_seconds", "Time from question to answer", ["outcome"], waitBuckets);
  readonly #cloudErrors = this.#counter("cloud_errors_total", "Calls to a cloud that failed", ["service", "kind"]);
  readonly #outcomes = this.#counter("changes_total", "Requests that change something, by outcome", ["outcome"]);
  readonly #refused = this.#counter("http_refused_total", "HTTP requests that were refused, by status", ["status"]);

  /** @param now milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now;
    collectDefaultMetrics({ register: this.#registry });
    const daysLeft = new Gauge({
      name: "cloudcert_certificate_days_left",
      help: "Days until the certificate that a domain was last seen serving expires",
      labelNames: ["domain"],
      registers: [this.#registry],
      collect: () => {
        daysLeft.reset();
        for (const [domain, end] of this.#ends) daysLeft.set({ domain }, Math.floor((end - this.#now()) / dayMs));
      },
    });
  }

  /** Serves them at an address of their own, which only the operator's Prometheus reaches. */
  async serve(listen: ListenAddress): Promise<FastifyInstance> {
    const app: FastifyInstance = fastify({ forceCloseConnections: true });
    const { contentType } = this.#registry;
    app.get("/metrics", async (_request, reply) => reply.type(contentType).send(await this.#registry.metrics()));
    await app.listen(listen);
    return app;
  }

  /** A value that is read whenever Prometheus asks. */
  watch(name: string, help: string, value: () => number): void {
    new Gauge({
      name: `cloudcert_${name}`,
      help,
      registers: [this.#registry],
      collect() {
        this.set(value());
      },
    });
  }

  readonly answered: NonNullable<WorkspaceOptions["onAnswered"]> = ({ name, effect }, outcome, ms) => {
    this.#calls.inc({ tool: name, outcome: outcome === "goes on" ? "in_progress" : outcome });
    this.#callSeconds.observe({ effect: effect === "read" ? "read" : "change" }, ms / 1_000);
  };

  refused(status: number): void {
    this.#refused.inc({ status });
  }

  recorded(entry: AuditEntry): void {
    if (entry.event === "decision") {
      const outcome = entry.verdict === "wrong name" ? "wrong_name" : entry.verdict;
      this.#approvals.inc({ outcome });
      this.#waits.observe({ outcome }, entry.tookMs / 1_000);
    }
    if (entry.event === "outcome") {
      const outcome = outcomeLabels[resultOf(entry)];
      if (outcome !== undefined) this.#outcomes.inc({ outcome });
    }
  }

  cloudFailed(service: string, error: unknown): void {
    this.#cloudErrors.inc({ service, kind: error instanceof ToolError ? error.details.kind : "defect" });
  }

  served(domain: string, notAfter: Date): void {
    keepNewest(this.#ends, domain.toLowerCase(), notAfter.getTime(), MAX_DOMAINS);
  }

  #counter(name: string, help: string, labelNames: string[]) {
    return new Counter({ name: `cloudcert_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string, labelNames: string[], buckets: number[]) {
    return new Histogram({ name: `cloudcert_${name}`, help, labelNames, buckets, registers: [this.#registry] });
  }
}
