import { hkdfSync, randomBytes } from "node:crypto";
import type { OwnTools } from "../access/patterns.js";
import { type AccessRules, readsAlone } from "../access/rules.js";
import { MemoryQuestions } from "../approval/team/memory-questions.js";
import type { Questions } from "../approval/team/questions.js";
import type { DatabaseAccess } from "../config/database.js";
import { ConfigurationError } from "../config/read.js";
import type { Database } from "../database/database.js";
import { Sealer } from "../database/sealing.js";
import type { DatabaseVault } from "../database/vault.js";
import type { Person } from "../identity/person.js";
import { messageOf } from "../lib/failure.js";
import { partition } from "../lib/lists.js";
import { withPackages } from "../lib/optional-packages.js";
import { isJob } from "../pipeline/tool.js";
import { customTools } from "../tools/index.js";
import { MemoryPageRecords, type PageRecords } from "./pages/page-sessions.js";
import { PendingLogins } from "./pages/pending-logins.js";
import type { Uploads } from "./pages/upload.js";
import type { TeamAccount } from "./team-accounts.js";
import type { Workspaces } from "./workspaces.js";

/**
 * Who may do what, as the operator wrote it.
 * @throws {ConfigurationError} if the file is not as it should be
 */
export async function readRules(path: string | undefined, accounts: readonly string[]): Promise<AccessRules> {
  if (path === undefined) return readsAlone;
  const { readRulesFile } = await withPackages(() => import("../access/file.js"));
  try {
    return await readRulesFile(path, accounts, ownTools());
  } catch (error) {
    throw new ConfigurationError(`--rules: ${messageOf(error)}`);
  }
}

/** The tools that change something without being operations of a cloud, as rules see them. */
function ownTools(): OwnTools {
  const changing = customTools.filter(({ effect }) => effect !== "read");
  const [jobs, ruled] = partition(changing, isJob);
  return { jobs: jobs.map(({ name }) => name), ruled };
}

/** Where the team's questions are kept: in the database, or else in this server's memory. */
export async function openQuestions(
  database: Database | undefined,
  access: Pick<DatabaseAccess, "stateKeys"> | undefined,
  now: () => Date,
): Promise<Questions> {
  if (database === undefined || access === undefined) return new MemoryQuestions(now);
  const [{ PostgresQuestions }, { RowSigner }] = await withPackages(() =>
    Promise.all([import("../database/questions.js"), import("../database/signing.js")]),
  );
  return new PostgresQuestions(database, new RowSigner(access.stateKeys, "questions"));
}

/** What the team's pages remember of logins: in the database, or else in this server's memory. */
export async function openPageRecords(
  database: Database | undefined,
  access: Pick<DatabaseAccess, "stateKeys"> | undefined,
  now: () => Date,
): Promise<{ readonly records: PageRecords; readonly logins: PendingLogins }> {
  const open = async () => {
    if (database === undefined || access === undefined) return new MemoryPageRecords(now);
    const { PostgresPageRecords } = await withPackages(() => import("../database/page-records.js"));
    return new PostgresPageRecords(database, new Sealer(access.stateKeys, "page records"));
  };
  const records = await open();
  const sealer = new Sealer(access?.stateKeys ?? [randomBytes(32)], "begun logins");
  return { records, logins: new PendingLogins(sealer, records, now) };
}

/** Puts what people upload into their own vaults. */
export function uploadsInto({
  accounts,
  workspaces,
  rules,
}: {
  readonly accounts: readonly TeamAccount[];
  readonly workspaces: Pick<Workspaces, "within">;
  readonly rules: Pick<AccessRules, "mayChange">;
}): Uploads {
  const reached = (person: Person) => accounts.filter(({ name }) => rules.mayChange(person, name));
  return {
    accountsOf: (person) => reached(person).map(({ name }) => name),
    keep: async (person, account, entry) => {
      const place = reached(person).find(({ name }) => name === account);
      if (place === undefined) throw new Error("an upload to an account that is not the person's");
      return workspaces.within(person, place, async ({ vault }) => {
        const reference = vault.keep(entry);
        await vault.saved();
        return reference;
      });
    },
  };
}

/** The vaults that the servers on one database share; undefined without a database. */
export async function openSharedVault(
  database: Database | undefined,
  access: Pick<DatabaseAccess, "stateKeys"> | undefined,
  realm: string,
): Promise<DatabaseVault | undefined> {
  if (database === undefined || access === undefined) return undefined;
  const { DatabaseVault: Shared } = await import("../database/vault.js");
  return new Shared(database, realm, new Sealer(access.stateKeys, "vaults"));
}

/** The key with which secrets enter bindings: one question must be the same for all servers on one database. */
export function bindingKeyOf({ stateKey }: Pick<DatabaseAccess, "stateKey">): Buffer {
  return Buffer.from(hkdfSync("sha256", stateKey, "", "cloudcert-mcp binding of questions", 32));
}
