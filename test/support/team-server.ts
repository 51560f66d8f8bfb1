import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { bareEnvironment, cli, jsonSchemaValidator } from "./assistant.js";
import { runCommand } from "./command.js";
import { freePort } from "./ports.js";

/** The built team's server as a process of its own. */
export interface TeamServer {
  readonly origin: string;
  /** The URL of its MCP endpoint. */
  readonly endpoint: string;
  readonly pid: number;
  /** Everything that it has logged, line by line. */
  readonly lines: readonly string[];
  /** Resolves with the first line that says this, also if it was logged before. */
  logged(what: string | RegExp): Promise<string>;
  /** Whether its process has ended. */
  ended(): boolean;
  /** Sends it a signal; resolves with its exit code, also if it has ended before. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
}

export async function startTeamServer(
  args: readonly string[],
  { port, env = {} }: { readonly port?: number; readonly env?: Record<string, string> } = {},
): Promise<TeamServer> {
  const chosen = port ?? (await freePort());
  const listen = `127.0.0.1:${chosen}`;
  // A state directory of its own: servers that are meant to share one are given it.
  const home = { XDG_STATE_HOME: mkdtempSync(join(tmpdir(), "cloudcert-team-")) };
  // A test that ends a server has no proxy that might be sending, unless it says otherwise.
  const ending = args.includes("--drain-time") ? [] : ["--drain-time", "0.001"];
  const child = spawn(process.execPath, [cli, "serve", "--http", listen, ...ending, ...args], {
    env: { ...bareEnvironment, ...home, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exit = once(child, "exit");
  const lines: string[] = [];
  let listeners: (() => void)[] = [];
  const notifyListeners = () => {
    const all = listeners;
    listeners = [];
    for (const each of all) each();
  };
  createInterface({ input: child.stderr }).on("line", (line) => {
    lines.push(line);
    notifyListeners();
  });
  let hasEnded = false;
  void exit.then(() => {
    hasEnded = true;
    notifyListeners();
  });
  const logged = async (what: string | RegExp) => {
    for (;;) {
      const found = lines.find((line) => (typeof what === "string" ? line.includes(what) : what.test(line)));
      if (found !== undefined) return found;
      if (hasEnded) throw new Error(`the server has ended:\n${lines.join("\n")}`);
      await new Promise<void>((resolve) => listeners.push(resolve));
    }
  };
  await logged("Server listening");
  const { pid } = child;
  if (pid === undefined) throw new Error("the server has no process");
  const origin = `http://${listen}`;
  return {
    origin,
    endpoint: `${origin}/mcp`,
    pid,
    lines,
    logged,
    ended: () => hasEnded,
    end: async (signal = "SIGTERM") => {
      child.kill(signal);
      const [code] = await exit;
      return typeof code === "number" ? code : null;
    },
  };
}

/** Writes a token for `name` into the file of static tokens, and gives it. */
export async function addToken(tokens: string, name: string, ...more: readonly string[]): Promise<string> {
  return (await runCommand(["tokens", "add", name, "--tokens", tokens, ...more])).out.trim();
}

/** A client that sends a token with each request. */
export async function connectTo(endpoint: string, token?: string, name = "test-client"): Promise<Client> {
  const client = new Client({ name, version: "1" }, { jsonSchemaValidator });
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const transport = new StreamableHTTPClientTransport(new URL(endpoint), { requestInit: { headers } });
  await client.connect(transport);
  return client;
}

/** One message, as no client would have to send it. */
export function post(endpoint: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

export const listTools = { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} };
