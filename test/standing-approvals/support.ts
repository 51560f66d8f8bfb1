import { submit } from "../approval/page/support.js";
import type { Assistant } from "../support/assistant.js";
import { type Company, until } from "../support/company.js";

const lastDay = () => new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);

/** Bounds for the domains of a company, with files of its own. */
export const boundsOf = ({ home }: Company) => ({
  domains: ["example.com", "*.example.com"],
  services: ["alibaba-cdn", "huawei-live"],
  directories: [home],
  least_gain_days: 1,
  uses_a_day: 5,
  uses: 10,
  last_day: lastDay(),
});

/** Opens the next link on stderr, and decides. */
export async function decide(assistant: Assistant, form: Record<string, string>): Promise<void> {
  const before = assistant.links().length;
  await until(async () => assistant.links().length > before);
  await submit(assistant.links().at(-1) ?? "", form);
}

type Bounds = Readonly<Record<string, unknown>> & { readonly domains: readonly string[] };

/** A person reads the proposal on the page, types its first domain and approves; returns the id. */
export async function give(assistant: Assistant, bounds: Bounds): Promise<string> {
  const [given] = await Promise.all([
    assistant.result("propose_standing_approval", bounds),
    decide(assistant, { decision: "approve", typed: bounds.domains[0] ?? "" }),
  ]);
  return String(given.standing_approval);
}
