import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AuditEntry } from "../../src/audit/entry.js";
import { encodeLine, genesis } from "../../src/audit/line.js";

const writer = fileURLToPath(new URL("writer.js", import.meta.url));

/** A place for a log in a directory of its own, which is gone after the tests. */
export function freshPath(): string {
  return join(mkdtempSync(join(tmpdir(), "audit-")), "audit.jsonl");
}

export function sending(planId: string): AuditEntry {
  return { event: "sending", planId };
}

export function planned(planId: string, more: Partial<Extract<AuditEntry, { event: "plan" }>> = {}): AuditEntry {
  return {
    event: "plan",
    planId,
    service: "tencent-ssl",
    account: "AKID…9xYz",
    operation: "DeleteCertificate",
    effect: "destroy",
    objects: 1,
    arguments: "0".repeat(64),
    question: "Delete certificate abcd1234?",
    warnings: [],
    ...more,
  };
}

/** The lines of a valid log, each with its line end. */
export function validLines(entries: readonly AuditEntry[]): Buffer[] {
  let head = genesis;
  return entries.map((entry) => {
    const line = encodeLine(head, { at: "2026-11-22T10:36:05.123Z", pid: 4242 }, entry);
    ({ head } = line);
    return line.bytes;
  });
}

/** Writes a log of as many files as there are lists of lines; the last is the newest. */
export function writeFiles(path: string, files: readonly (readonly Buffer[])[]): void {
  for (const [index, lines] of files.entries()) {
    const name = index === files.length - 1 ? path : path.replace(/\.jsonl$/, `.${index + 1}.jsonl`);
    writeFileSync(name, Buffer.concat(lines), { mode: 0o600 });
  }
}

/** A child process that writes to the log at `path`; see audit-writer.js. */
export class Writer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exited: Promise<unknown>;
  #stdout = "";
  #stderr = "";

  constructor(path: string, ...args: readonly (string | number)[]) {
    this.#child = spawn(process.execPath, [writer, path, ...args.map(String)]);
    this.#exited = once(this.#child, "close");
    this.#child.stdout.on("data", (chunk: Buffer) => {
      this.#stdout += chunk.toString();
    });
    this.#child.stderr.on("data", (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
  }

  /** What the log has acknowledged, as far as it is known here. */
  get acknowledged(): string[] {
    return this.#stdout.split("\n").slice(0, -1);
  }

  async hasAcknowledged(count: number): Promise<void> {
    while (this.acknowledged.length < count) await once(this.#child.stdout, "data");
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  /** Waits for the end. */
  async finished(): Promise<void> {
    await this.#exited;
    if (this.#child.exitCode !== 0) throw new Error(`the writer failed: ${this.#stderr}`);
  }
}
