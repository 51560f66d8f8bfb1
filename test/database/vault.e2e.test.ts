import { generateKeyPairSync, randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { Database } from "../../src/database/database.js";
import { Sealer } from "../../src/database/sealing.js";
import { DatabaseVault } from "../../src/database/vault.js";
import { Vaults } from "../../src/http/vaults.js";
import { Redactor } from "../../src/secrets/redaction/redactor.js";
import { postgresBin, usePostgres } from "../support/postgres.js";
import { wide } from "../support/width.js";

const newKey = () =>
  generateKeyPairSync("ec", { namedCurve: "prime256v1" })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();
const entryOf = (text: string) => ({ content: "private key" as const, text, operation: "upload", member: "file" });

describe.skipIf(postgresBin === undefined)("the vaults of several servers on one database", () => {
  const postgres = usePostgres();
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });

  /** A server as far as its vaults go. */
  const serverOn = (url: string, keys: readonly [Buffer, ...Buffer[]]) => {
    const log: string[] = [];
    const database = new Database({ url, log: (line) => log.push(line) });
    const redactor = new Redactor([]);
    const vaults = new Vaults({
      now: () => new Date(),
      maskSecrets: (secrets) => redactor.addSecrets(secrets),
      shared: new DatabaseVault(database, "real", new Sealer(keys, "vaults")),
      log: (line) => log.push(line),
    });
    opened.push({
      close: async () => {
        vaults.close();
        await database.close();
      },
    });
    return { vaults, redactor, database };
  };

  it("give a person at one server what was kept at another, and nobody else", async () => {
    const url = await postgres().freshUrl();
    const keys = [randomBytes(32)] as const;
    const [one, other] = [serverOn(url, keys), serverOn(url, keys)];
    const secret = newKey();
    const vault = one.vaults.take("shop", "alice");
    const reference = vault.keep(entryOf(secret));
    await vault.saved();
    expect((await other.vaults.take("shop", "alice").fetch(reference))?.text).toBe(secret);
    expect(await other.vaults.take("shop", "bob").fetch(reference)).toBeUndefined();
    expect(await other.vaults.take("blog", "alice").fetch(reference)).toBeUndefined();
  });

  it("hold in the database no more of a person than a server holds", wide, async () => {
    const url = await postgres().freshUrl();
    const { vaults, database } = serverOn(url, [randomBytes(32)]);
    const entry = (name: string) => ({ ...entryOf(name), content: "password" as const });
    const [alices, bobs] = [vaults.take("shop", "alice"), vaults.take("shop", "bob")];
    bobs.keep(entry("bob's"));
    await bobs.saved();
    let last = "";
    for (let count = 0; count < 70; count += 1) {
      last = alices.keep(entry(`number ${count}`));
      await alices.saved();
    }
    const kept = z.object({ person: z.string(), count: z.number(), has_last: z.boolean() });
    const rows = await database.rows(
      kept,
      `SELECT person, count(*)::int AS count, bool_or(reference = $1) AS has_last
       FROM cloudcert.vault_entry GROUP BY person ORDER BY person`,
      [last],
    );
    expect(rows).toEqual([
      { person: "alice", count: 64, has_last: true },
      { person: "bob", count: 1, has_last: false },
    ]);
  });

  it("are masked by every server, whoever's they are, without anybody asking for them", async () => {
    const url = await postgres().freshUrl();
    const keys = [randomBytes(32)] as const;
    const [one, other] = [serverOn(url, keys), serverOn(url, keys)];
    const secret = newKey();
    one.vaults.take("shop", "alice").keep(entryOf(secret));
    const [, line = ""] = secret.split("\n");
    await expect.poll(() => other.redactor.redact(`it is ${line}`)).not.toContain(line);
  });

  it("are unreadable in the database, and for servers with another key", wide, async () => {
    const url = await postgres().freshUrl();
    const vault = serverOn(url, [randomBytes(32)]).vaults.take("shop", "alice");
    const secret = newKey();
    const reference = vault.keep(entryOf(secret));
    await vault.saved();
    const [dump] = await postgres().query(
      "SELECT string_agg(entry::text, '') AS all FROM cloudcert.vault_entry AS entry",
      url,
    );
    const [, line = ""] = secret.split("\n");
    for (const form of [line, Buffer.from(line).toString("hex"), "PRIVATE KEY"])
      expect(String(dump?.all)).not.toContain(form);
    expect(
      await serverOn(url, [randomBytes(32)])
        .vaults.take("shop", "alice")
        .fetch(reference),
    ).toBeUndefined();
  });

  it("open what an older key sealed, and seal with the newest", async () => {
    const url = await postgres().freshUrl();
    const [older, newest] = [randomBytes(32), randomBytes(32)];
    const before = serverOn(url, [older]).vaults.take("shop", "alice");
    const reference = before.keep(entryOf(newKey()));
    await before.saved();
    const rotated = serverOn(url, [newest, older]).vaults.take("shop", "alice");
    expect(await rotated.fetch(reference)).toBeDefined();
    const next = rotated.keep(entryOf(newKey()));
    await rotated.saved();
    const after = serverOn(url, [newest]).vaults.take("shop", "alice");
    expect(await after.fetch(next)).toBeDefined();
    expect(await after.fetch(reference)).toBeUndefined();
  });

  it.each([
    ["another person's", "person = 'bob'"],
    ["another account's", "account = 'blog'"],
    ["another reference's", "reference = 'vault:other'"],
    ["the sandbox's", "realm = 'sandbox'"],
    ["changed", "sealed = set_byte(sealed, 0, 255 - get_byte(sealed, 0))"],
    ["cut short", "sealed = substring(sealed from 1 for 8)"],
    ["expired", "expires_at = clock_timestamp()"],
  ])("give nobody a row that was made %s in the database", async (_, change) => {
    const url = await postgres().freshUrl();
    const keys = [randomBytes(32)] as const;
    const vault = serverOn(url, keys).vaults.take("shop", "alice");
    vault.keep(entryOf(newKey()));
    await vault.saved();
    await postgres().query(`UPDATE cloudcert.vault_entry SET ${change}`, url);
    const { vaults } = serverOn(url, keys);
    for (const [account, person] of [
      ["shop", "alice"],
      ["shop", "bob"],
      ["blog", "alice"],
    ] as const) {
      const own = vaults.take(account, person);
      await own.refresh();
      expect(own.list()).toEqual([]);
    }
  });
});
