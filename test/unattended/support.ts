import { z } from "zod";
import { submit } from "../approval/page/support.js";
import { pointedAt } from "../support/assistant.js";
import { type Command, type Ended, startCommand } from "../support/command.js";
import { type Company, until } from "../support/company.js";
import { neededApproval } from "../support/requests.js";

/** The line that a command writes for programs. */
const line = z
  .object({
    outcome: z.string(),
    exit_code: z.number(),
    result: z.record(z.unknown()).optional(),
    plan: z.object({ question: z.string(), rows: z.array(z.unknown()), steps: z.record(z.unknown()) }).optional(),
    error: z.object({ happened: z.string(), changed: z.string(), next: z.string() }).passthrough().optional(),
  })
  .passthrough();

/** The command of a company: on its sandbox, with its files and journal. */
export function commandOf(
  company: Company,
  args: readonly string[],
  input = "",
  more: Record<string, string> = {},
): Command {
  const pointed = pointedAt(company.sandbox);
  const env = {
    ...pointed.env,
    ...more,
    HOME: company.home,
    NODE_EXTRA_CA_CERTS: `${company.home}/root.pem`,
  };
  return startCommand([...args, ...pointed.args, "--files", company.home], env, { input });
}

/** The one line of JSON that it wrote. */
export function lineOf({ out }: Ended) {
  const lines = out.split("\n").filter((text) => text !== "");
  if (lines.length !== 1) throw new Error(`${lines.length} lines on stdout: ${out}`);
  return line.parse(JSON.parse(lines[0] ?? ""));
}

/** A person who opens the page behind each new link and decides. */
export async function decideOnPage(command: Command, decision: "approve" | "decline", which = 0): Promise<void> {
  const links = () => [...command.err().matchAll(/waits for approval: (http:\S+)/g)].map(([, link = ""]) => link);
  await until(async () => links()[which] !== undefined || command.child.exitCode !== null);
  const link = links()[which];
  if (link === undefined) throw new Error(`nobody was asked: ${command.err()}`);
  await submit(link, { decision });
}

/** What reached the clouds and was more than a read. */
export const changesAt = ({ sandbox }: Company) => sandbox.requests.filter(neededApproval);
