import pg from "pg";
import { auditEntry } from "../../src/audit/entry.js";
import { NoAuditLog } from "../../src/audit/source.js";
import { verifiedLines, verifyAudit } from "../../src/audit/verify.js";
import { messageOf } from "../../src/lib/failure.js";
import { approvesByToken, textOf } from "../support/assistant.js";
import { Company, domains, everywhere, referring, report, until } from "../support/company.js";
import { type Postgres, postgresPassword, startPostgres } from "../support/postgres.js";
import { type PostgresProxy, proxyTo } from "./postgres-proxy.js";
import { sharedBy } from "./shared.js";

/** What befalls the database in the middle of a deployment with eight targets, and what must hold all the same. */

export interface Fault {
  begin(postgres: Postgres, proxy: PostgresProxy): Promise<void>;
  end(postgres: Postgres, proxy: PostgresProxy): Promise<void>;
  /** What the call then says, if it fails. */
  readonly says: RegExp;
}

const settings = ["max_connections = 20", "superuser_reserved_connections = 0"];

/** What keeps the connections of a server. */
const held = new WeakMap<Postgres, pg.Client[]>();

const tooLate = /did not answer in time|does not answer|cannot be reached|audit log could not be written/;

export const faults: Readonly<Record<string, Fault>> = {
  full: {
    begin: async (_, proxy) => {
      proxy.behaviour = "full";
    },
    end: async (_, proxy) => {
      proxy.behaviour = "passes";
    },
    says: /disk is full \(53100\)|audit log could not be written/,
  },
  restarted: {
    begin: async (postgres) => {
      await postgres.stop("fast");
      await postgres.start();
    },
    end: async () => {},
    says: /database|audit log could not be written/,
  },
  crashed: {
    begin: (postgres) => postgres.stop("immediate"),
    end: (postgres) => postgres.start(),
    says: /cannot be reached|connection to the database was lost|audit log could not be written/,
  },
  silent: {
    begin: async (_, proxy) => {
      proxy.behaviour = "silent";
    },
    end: async (_, proxy) => {
      proxy.behaviour = "passes";
    },
    says: tooLate,
  },
  stopped: {
    begin: async (_, proxy) => {
      proxy.behaviour = "stopped";
    },
    end: async (_, proxy) => {
      proxy.behaviour = "passes";
    },
    says: tooLate,
  },
  "out of connections": {
    begin: takeAllConnections,
    end: async (postgres) => {
      await Promise.all(held.get(postgres)?.map((each) => each.end()) ?? []);
    },
    says: /no free connection \(53300\)|audit log could not be written/,
  },
};

/** Ends those of the servers, and takes each that becomes free. */
async function takeAllConnections(postgres: Postgres): Promise<void> {
  const url = `postgres://postgres:${postgresPassword}@127.0.0.1:${postgres.port}/postgres`;
  const others = "FROM pg_stat_activity WHERE application_name = 'cloudcert-mcp'";
  const first = new pg.Client(url);
  first.on("error", () => {});
  await first.connect();
  const all = [first];
  held.set(postgres, all);
  for (;;) {
    const client = new pg.Client(url);
    client.on("error", () => {});
    try {
      await client.connect();
      all.push(client);
    } catch {
      const { rowCount } = await first.query(`SELECT pg_terminate_backend(pid) ${others}`);
      if (rowCount === 0) return;
    }
  }
}

/**
 * Lets it befall the database once so many changes were made, and repeats the call when it is over.
 * @returns what is otherwise than it should be
 */
export async function befallen({ begin, end, says }: Fault, changes: number): Promise<readonly string[]> {
  const postgres = await startPostgres(settings);
  const proxy = await proxyTo(postgres.port);
  const company = await Company.open();
  const shared = await sharedBy(postgres, proxy.address);
  const flags = [...approvesByToken, ...shared.flags];
  const assistant = await company.assistant(flags, { hostApproves: true, env: shared.env });
  const isOfFault = (text: string) => says.test(text) || text.includes("the database was unreachable for too long");
  const faulty: string[] = [];
  const say = (what: string) => faulty.push(`after ${changes} changes: ${what}`);
  try {
    const files = await company.issue("next");
    const args = { ...referring(files), targets: everywhere(company) };
    const call = assistant.call("deploy_certificate", args);
    let isOver = false;
    void call.finally(() => {
      isOver = true;
    });
    await until(async () => isOver || company.done().length >= changes);
    await begin(postgres, proxy);
    const reply = await call;
    const told = textOf(reply);
    if (reply.isError && !isOfFault(told)) say(`it says: ${told}`);
    if (told.includes(postgresPassword)) say("it tells the password");
    await end(postgres, proxy);

    const made = company.done().length;
    const sent = await recorded(shared);
    if (sent < made) say(`${made} changes were made, and ${sent} have a record`);
    const again = () => assistant.result("deploy_certificate", args);
    // A call that outlived its time limit has its result told to the next one, which may be what the fault did to it.
    const first = await again().catch((error: unknown) => {
      if (!isOfFault(messageOf(error))) throw error;
      return again();
    });
    let { targets, stopped } = report.parse(first);
    // A computer that is too busy for a handshake stops a job before its next wave.
    while (stopped?.includes("did not finish the handshake")) ({ targets, stopped } = report.parse(await again()));
    if (stopped !== undefined) say(`it stopped: ${stopped}`);
    for (const { target, state, says: why } of targets)
      if (state !== "served" && state !== "unchanged") say(`${target} is ${state}: ${why}`);
    for (const domain of domains)
      if ((await company.served(domain)).some((leaf) => leaf !== files.sha256)) say(`${domain} does not serve it`);
    const done = company.done().filter((line) => !line.startsWith("Up"));
    if (new Set(done).size !== done.length) say(`done twice: ${done.join("; ")}`);
    const chain = await verifyAudit(shared.audit);
    if (!chain.ok) say(`the chain breaks at line ${chain.line}: ${chain.why}`);
    if ((await shared.countJobs()) !== 1) say(`${await shared.countJobs()} jobs`);
    return faulty;
  } finally {
    await assistant.close();
    await shared.close();
    await proxy.close();
    await company.close();
    await postgres.end();
  }
}

/** How many requests the audit log says are sent. */
async function recorded({ audit }: Pick<Awaited<ReturnType<typeof sharedBy>>, "audit">): Promise<number> {
  let count = 0;
  try {
    for await (const { entry } of verifiedLines(audit)) if (auditEntry.parse(entry).event === "sending") count += 1;
  } catch (error) {
    if (!(error instanceof NoAuditLog)) throw error;
  }
  return count;
}
