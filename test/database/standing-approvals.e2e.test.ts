import { afterEach, describe, expect, it } from "vitest";
import { postgresBin, usePostgres } from "../support/postgres.js";
import { application, kinds, placeIn, type StatePlace, standingApprovalsOf, termsFor } from "./support.js";

const server = usePostgres();

let place: StatePlace | undefined;
afterEach(async () => {
  await place?.close();
  place = undefined;
});

async function servers(kind: (typeof kinds)[number], count: number) {
  const opened = await placeIn(kind, server);
  place = opened;
  const states = await Promise.all(Array.from({ length: count }, () => opened.open()));
  const all = states.map((state) => standingApprovalsOf(state));
  const [first] = all;
  if (first === undefined) throw new Error("none");
  return { first, all };
}

const id = "sa-0123abcd";

describe.each(kinds)("standing approvals in %s", (kind) => {
  it("are there for every server, with their uses", async () => {
    const { first, all } = await servers(kind, 2);
    const [, second] = all;
    await first.give(termsFor(3), "plan-0");
    expect(await second?.use(id, "plan-1", application)).toMatchObject({ usesLeft: 2 });
    expect(await first.list()).toMatchObject([{ id, state: "valid", uses: [{ planId: "plan-1" }] }]);
    expect(await second?.judge(application)).toMatchObject({ coveredBy: { id } });
  });

  it("are used as often as they say, by however many servers at the same time", async () => {
    const { first, all } = await servers(kind, 4);
    await first.give(termsFor(5), "plan-0");
    const tried = await Promise.allSettled(
      Array.from({ length: 16 }, (_, index) => all[index % 4]?.use(id, `plan-${index + 1}`, application)),
    );
    expect(tried.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
    const [known] = await first.list();
    expect(known).toMatchObject({ state: "spent" });
    expect(new Set(known?.uses.map(({ planId }) => planId)).size).toBe(5);
  });

  it("end everywhere when one server revokes them", async () => {
    const { first, all } = await servers(kind, 2);
    await first.give(termsFor(3), "plan-0");
    await all[1]?.use(id, "plan-1", application);
    expect(await first.revoke(id)).toBe(true);
    await expect(all[1]?.confirm(id)).rejects.toThrow("was revoked");
    await expect(all[1]?.use(id, "plan-2", application)).rejects.toThrow("was revoked");
    expect(await first.revoke("sa-00000000")).toBe(false);
  });
});

describe.skipIf(postgresBin === undefined)("whoever can write to the database", () => {
  const wider = "UPDATE cloudcert.standing_approval SET body = replace(body, '\"uses\": 3', '\"uses\": 300')";
  const moved = "UPDATE cloudcert.standing_approval SET id = 'sa-ffffffff'";
  const older =
    "DELETE FROM cloudcert.audit_line WHERE seq > 1; UPDATE cloudcert.audit_head SET seq = 1, hash = (SELECT hash FROM cloudcert.audit_line WHERE seq = 1)";
  const empty = "DELETE FROM cloudcert.audit_line; DELETE FROM cloudcert.audit_head";

  it.each([
    [wider, "its file was changed"],
    [moved, "its file was changed"],
    [older, "cut off or replaced"],
    [empty, "does not say that a person approved it"],
  ])("forges no approval and gives back no use: %s", async (sql, why) => {
    const { first, all } = await servers("PostgreSQL", 2);
    await first.give(termsFor(3), "plan-0");
    await first.use(id, "plan-1", application);
    await server().query(sql, place?.url);
    // The second server has read nothing before.
    const [found] = (await all[1]?.list()) ?? [];
    expect(found?.state).toBe("void");
    expect(String(found?.why)).toContain(why);
  });

  it("cannot make a server forget a use that it has read", async () => {
    const { first } = await servers("PostgreSQL", 1);
    await first.give(termsFor(3), "plan-0");
    await first.use(id, "plan-1", application);
    await first.list();
    await server().query(older, place?.url);
    expect(await first.list()).toMatchObject([{ uses: [{ planId: "plan-1" }] }]);
  });

  it("has nothing that verifies with another key", async () => {
    const { first } = await servers("PostgreSQL", 1);
    await first.give(termsFor(3), "plan-0");
    const { DatabaseTerms } = await import("../../src/database/terms.js");
    const opened = await place?.open();
    if (opened?.database === undefined) throw new Error("none");
    const foreignTerms = new DatabaseTerms(opened.database, "real", Buffer.alloc(32));
    const foreign = standingApprovalsOf({
      ...opened,
      termsOf: () => foreignTerms,
    });
    expect(await foreign.list()).toMatchObject([{ state: "void" }]);
  });
});
