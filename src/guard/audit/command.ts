import { parseArgs } from "node:util";
import { messageOf } from "./error.js";
import { type Output, showAudit } from "./show.js";
import { type AuditReport, verifyAudit } from "./verify.js";

const usage = "Usage: cloudcert-mcp audit verify|show [--audit-log PATH]\n";

interface Command {
  readonly verb: "verify" | "show";
  readonly path: string | undefined;
}

/**
 * `audit verify` and `audit show`; `args` is what follows `audit` on the command line. Both check the chain.
 * @returns the code for the shell: 0; 1 when the chain is broken; 2 for wrong usage or a log that cannot be read
 */
export async function runAudit(
  args: readonly string[],
  defaultPath: string,
  out: Output,
  err: Output,
): Promise<number> {
  const command = parse(args);
  if (command === undefined) {
    err.write(usage);
    return 2;
  }
  const path = command.path ?? defaultPath;
  try {
    const report = await verifyAudit(path);
    if (command.verb === "show") await showAudit(path, out);
    else if (report.ok) out.write(summary(report));
    if (report.ok) return 0;
    err.write(`The chain is broken at line ${report.line} of ${report.file}: ${report.why}.\n`);
    return 1;
  } catch (error) {
    err.write(`cloudcert-mcp: ${messageOf(error)}\n`);
    return 2;
  }
}

function parse(args: readonly string[]): Command | undefined {
  try {
    const options = { "audit-log": { type: "string" } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [verb, ...more] = positionals;
    if ((verb !== "verify" && verb !== "show") || more.length > 0) return undefined;
    return { verb, path: values["audit-log"] };
  } catch {
    return undefined;
  }
}

function summary({ lines, notes }: Extract<AuditReport, { ok: true }>): string {
  const counted = lines === 1 ? "1 line" : `${lines} lines`;
  return [`The chain is whole: ${counted}.`, ...notes.map((note) => `Note: ${note}.`), ""].join("\n");
}
