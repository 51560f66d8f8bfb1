import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** A server over stdio, addressed in plain lines, so that no client's own time is measured. */
export class StdioServer {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (line: string) => void>();
  #lastId = 0;

  constructor(program: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    const options = { env: { PATH: process.env.PATH ?? "", HOME: "/nonexistent", ...env } };
    const child = spawn(process.execPath, [program, ...args], { stdio: ["pipe", "pipe", "ignore"], ...options });
    this.#process = child;
    createInterface({ input: child.stdout }).on("line", (line) => {
      const id = Number(/"id":(\d+)/.exec(line.slice(-40))?.[1] ?? /"id":(\d+)/.exec(line)?.[1]);
      this.#waiting.get(id)?.(line);
      this.#waiting.delete(id);
    });
  }

  /** The line of the answer. */
  request(method: string, params: object): Promise<string> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#write({ jsonrpc: "2.0", id, method, params });
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  async initialize(): Promise<string> {
    const clientInfo = { name: "bench", version: "1" };
    const answer = await this.request("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo });
    this.#write({ jsonrpc: "2.0", method: "notifications/initialized" });
    return answer;
  }

  /** Resident memory in MiB. Linux only. */
  resident(): number {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.#process.pid}/status`, "utf8"))?.[1]) / 1024;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.stdin?.end();
    this.#process.kill();
    await ended;
  }

  #write(message: object): void {
    this.#process.stdin?.write(`${JSON.stringify(message)}\n`);
  }
}
