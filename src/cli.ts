#!/usr/bin/env node
import { ConfigurationError, helpLines, readConfiguration } from "./config.js";
import { version } from "./version.js";

const help = `cloudcert-mcp ${version}: TLS certificates on Tencent Cloud, Alibaba Cloud and Huawei Cloud, over MCP

Usage:
  cloudcert-mcp [options]           serve MCP over stdin and stdout
  cloudcert-mcp sandbox [options]   run the sandbox alone; prints its addresses as one line of JSON

Options (each also as the variable in brackets):
${helpLines().join("\n")}
  --help                     Show this text
  --version                  Show the version
`;

/** Ends with the code for the shell: 0, or 2 when a setting does not parse. */
async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) return print(help);
  if (args.includes("--version")) return print(`${version}\n`);
  const [first, ...rest] = args;
  if (first === "sandbox") {
    const { sandboxSpeed } = readConfiguration(rest, process.env);
    const { runSandbox } = await import("./sandbox/main.js");
    await runSandbox({ speed: sandboxSpeed }, process.stdout, stopSignal());
    return 0;
  }
  const configuration = readConfiguration(args, process.env);
  const { serve } = await import("./serve.js");
  await serve(configuration, process.env, stopSignal());
  return 0;
}

/** Aborts when the process is asked to end. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort()).once("SIGTERM", () => stop.abort());
  return stop.signal;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

try {
  // A question that a person has not answered yet keeps a timer; it must not keep the process.
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`cloudcert-mcp: ${error.message}\n`);
  process.exit(2);
}
