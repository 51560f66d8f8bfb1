import type { AssistantOptions } from "../../support/assistant.js";
import { type Assistant, approving } from "../../support/assistant.js";
import { Company, report } from "../../support/company.js";

/** Longer than the sandbox's edge takes to show a change everywhere, in milliseconds. */
const ROLLOUT = 61_000;

/** A company whose edge shows changes only when the test lets time pass, and a person who says yes to everything. */
export class Rollout {
  readonly company: Company;
  /** Every question that the person was asked. */
  readonly questions: string[] = [];
  readonly #time: { ahead: number };
  readonly #running: Assistant[] = [];

  private constructor(company: Company, time: { ahead: number }) {
    this.company = company;
    this.#time = time;
  }

  static async open(): Promise<Rollout> {
    const time = { ahead: 0 };
    return new Rollout(await Company.open({ now: () => Date.now() + time.ahead }), time);
  }

  async start(flags: readonly string[] = [], options: AssistantOptions = {}): Promise<Assistant> {
    const person = approving(this.questions);
    const assistant = await this.company.assistant(["--approve", "elicit", ...flags], { person, ...options });
    this.#running.push(assistant);
    return assistant;
  }

  /** Lets what was accepted arrive at the edge, or some of the time until then pass. */
  arrive(ms = ROLLOUT): void {
    this.#time.ahead += ms;
  }

  /** Calls a job without watching the edge; gives its report, and the questions that it asked. */
  async job(assistant: Assistant, tool: "deploy_certificate" | "roll_back", args: Record<string, unknown> = {}) {
    const asked = this.questions.length;
    const told = report.parse(await assistant.result(tool, { wait_seconds: 0, ...args }));
    return { ...told, states: told.targets.map(({ state }) => state), questions: this.questions.slice(asked) };
  }

  async close(): Promise<void> {
    for (const assistant of this.#running.splice(0)) await assistant.close();
    await this.company.close();
  }
}

export const onCdn = [{ service: "alibaba-cdn", domains: ["img.example.com"] }];
export const onLive = [{ service: "huawei-live", domains: ["play.example.com"], force_redirect: true }];
export const onVod = [{ service: "alibaba-vod", domains: ["vod.example.com"] }];
export const onEdgeone = [{ service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["www.example.com"] }];
