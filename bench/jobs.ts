import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cli } from "./paths.js";
import type { Figure } from "./row.js";
import { StdioServer } from "./stdio.js";

const JOBS = 10_000;
/** One that stays for each domain; the others are archived, as they are after years of renewals. */
const DOMAINS = 30;
const maxMs = 200;
const ROUNDS = 9;

/** The list of jobs of a journal that holds years of renewals. */
export async function jobs(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "cc-bench-jobs-"));
  const started = Date.parse("2020-01-01T00:00:00Z");
  for (let number = 0; number < JOBS; number += 1) {
    const at = new Date(started + number * 6 * 3600_000).toISOString();
    const isKept = number >= JOBS - DOMAINS;
    const month = isKept ? folder : join(folder, "archive", at.slice(0, 7));
    const domain = `site-${number % DOMAINS}.example.com`;
    const target = { id: `alibaba-cdn ${domain}`, service: "alibaba-cdn", name: domain, domain, state: "served" };
    const job = {
      id: number.toString(16).padStart(8, "0"),
      kind: "deployment",
      key: number.toString(16).padStart(64, "0"),
      ...{ startedAt: at, changedAt: at, endedAt: at },
      certificate: { sha256: number.toString(16).padStart(64, "0"), names: [domain], notAfter: at, source: {} },
      targets: [{ ...target, sentAt: at, acceptedAt: at }],
    };
    mkdirSync(month, { recursive: true });
    writeFileSync(join(month, `${job.id}.json`), JSON.stringify(job));
  }
  const server = new StdioServer(cli, ["--jobs", folder], {});
  try {
    await server.initialize();
    const list = async () => {
      const begun = performance.now();
      const line = await server.request("tools/call", { name: "list_jobs", arguments: {} });
      if (!line.includes(`"jobs":${JOBS - DOMAINS},`)) throw new Error(`not all jobs were counted: ${line}`);
      return performance.now() - begun;
    };
    await list();
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) times.push(await list());
    const median = times.toSorted((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? 0;
    const what = `list_jobs, with ${JOBS} jobs of which ${DOMAINS} are still needed`;
    return [{ what, value: Math.ceil(median), unit: "ms", atMost: maxMs }];
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}
