import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "./bundle.js";
import { credentials, projectId } from "./material.js";
import { inTurns } from "./measure.js";
import { cli, root } from "./paths.js";
import { type Row, rowOf, type Unit } from "./row.js";
import { StdioServer } from "./stdio.js";

const MILLISECONDS: Unit = { name: "ms", digits: 0, ratio: "share" };
const MEBIBYTES: Unit = { name: "MiB", digits: 1, ratio: "share" };
const ROUNDS = 15;

/** Made-up credentials of all three clouds, so that every tool is offered. */
export const everyCloud = {
  TENCENTCLOUD_SECRET_ID: credentials.tencent.secretId,
  TENCENTCLOUD_SECRET_KEY: credentials.tencent.secretKey,
  ALIBABA_CLOUD_ACCESS_KEY_ID: credentials.alibaba.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: credentials.alibaba.accessKeySecret,
  HUAWEICLOUD_SDK_AK: credentials.huawei.accessKey,
  HUAWEICLOUD_SDK_SK: credentials.huawei.secretKey,
  HUAWEICLOUD_SDK_PROJECT_ID: projectId,
};

interface StartMeasurement {
  /** Milliseconds from the start of the process to the answer. */
  readonly initialize: number;
  readonly list: number;
  /** MiB after the list. */
  readonly resident: number;
}

/** From the start of the process to the answers of `initialize` and `tools/list`, and the memory after that. */
export async function start(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "cloudcert-bench-"));
  try {
    const bare = join(folder, "bare.mjs");
    await bundle(join(root, "bench/bare-server.ts"), bare);
    const floor = await floorIn(folder);
    const contestants: readonly (() => StdioServer)[] = [
      () => new StdioServer(cli, [], everyCloud),
      () => new StdioServer(cli, ["--sandbox"]),
      () => new StdioServer(bare),
      () => new StdioServer(join(root, "bench/floor.js"), [floor]),
    ];
    const measurements: StartMeasurement[][] = contestants.map(() => []);
    await inTurns(
      ROUNDS,
      contestants.map((contestant, index) => async () => {
        const started = await startOnce(contestant);
        measurements[index]?.push(started);
        return started.list;
      }),
    );
    return rowsOf(measurements);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowsOf([ours = [], sandbox = [], bare = [], floor = []]: readonly (readonly StartMeasurement[])[]): Row[] {
  const of = (runs: readonly StartMeasurement[], what: keyof StartMeasurement) => runs.map((run) => run[what]);
  const row = (
    what: string,
    member: keyof StartMeasurement,
    own: readonly StartMeasurement[],
    limited: boolean,
    rival = "bare SDK server",
  ) =>
    rowOf({
      what,
      rival,
      ours: of(own, member),
      theirs: of(rival === "bare SDK server" ? bare : floor, member),
      unit: member === "resident" ? MEBIBYTES : MILLISECONDS,
      ...(limited && { limit: { atMost: member === "resident" ? 1.3 : 1.25 } }),
    });
  return [
    row("Start to `initialize`", "initialize", ours, true),
    row("Start to `tools/list`", "list", ours, true),
    row("Start to `tools/list`", "list", ours, false, "same bytes, no SDK"),
    row("Start to `tools/list`, `--sandbox`", "list", sandbox, false),
    row("Memory after `tools/list`", "resident", ours, true),
    row("Memory after `tools/list`, `--sandbox`", "resident", sandbox, false),
  ];
}

async function startOnce(contestant: () => StdioServer): Promise<StartMeasurement> {
  const begun = performance.now();
  const server = contestant();
  await server.initialize();
  const initialize = performance.now() - begun;
  await server.request("tools/list", {});
  const list = performance.now() - begun;
  const resident = server.resident();
  await server.stop();
  return { initialize, list, resident };
}

/** Writes a file with our server's own answers, for the program that only sends them. */
async function floorIn(folder: string): Promise<string> {
  const server = new StdioServer(cli, [], everyCloud);
  const answers = { initialize: await server.initialize(), "tools/list": await server.request("tools/list", {}) };
  await server.stop();
  const path = join(folder, "answers.json");
  writeFileSync(path, JSON.stringify(answers));
  return path;
}
