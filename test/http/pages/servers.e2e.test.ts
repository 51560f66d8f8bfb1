import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Database } from "../../../src/database/database.js";
import { PostgresPageRecords } from "../../../src/database/page-records.js";
import { PostgresQuestions } from "../../../src/database/questions.js";
import { Sealer } from "../../../src/database/sealing.js";
import { signer } from "../../approval/team/support.js";
import { remove, rename } from "../../approval/team/team.js";
import { postgresBin, usePostgres } from "../../support/postgres.js";
import { wide } from "../../support/width.js";
import { describeWithBrowsers, logIn, TeamSite } from "./support.js";

const sealer = new Sealer([Buffer.alloc(32)], "page records");

describe.skipIf(postgresBin === undefined)("two servers on one database", () => {
  const postgres = usePostgres();
  describeWithBrowsers("and people at either of them", (people) => {
    const databases: Database[] = [];
    let site: TeamSite;
    beforeAll(async () => {
      const url = await postgres().freshUrl();
      const server = () => {
        const database = new Database({ url, log: () => {} });
        databases.push(database);
        return {
          questions: new PostgresQuestions(database, signer),
          records: new PostgresPageRecords(database, sealer),
        };
      };
      site = await TeamSite.start([server(), server()]);
    });
    afterAll(async () => {
      await site.close();
      await Promise.all(databases.map((database) => database.close()));
    });
    const [first, second] = [() => site.origins[0] ?? "", () => site.origins[1] ?? ""];

    it("two of three, each at another server: the call that waits at one goes on", wide, async () => {
      let ended = Promise.resolve("");
      const question = await site.team.askedBy(() => {
        ended = site.team.call(site.team.gate(site.people.alice), remove, site.people.alice);
      });
      for (const [origin, name] of [
        [first(), "bob"],
        [second(), "dora"],
      ] as const) {
        expect(site.team.sent).toEqual([]);
        const tab = await people.browser();
        await logIn(tab, `${origin}/login?again=1&to=/approvals/${question.id}`, name);
        await tab.getByLabel("To approve, type aaaaaaaa").fill("aaaaaaaa");
        await tab.getByRole("button", { name: "Approve" }).click();
        await tab.getByText("approved at").last().waitFor();
      }
      expect(await ended).toBe("sent");
      expect(site.team.sent).toEqual(["DeleteCertificate"]);
    });

    it("logged in at one is logged in at the other, and logged out at both at once", async () => {
      const question = await site.team.askedBy(
        () => void site.team.call(site.team.gate(site.people.alice), rename, site.people.alice),
      );
      const tab = await people.browser();
      await logIn(tab, `${first()}/approvals/${question.id}`, "bob");
      await tab.getByRole("button", { name: "Approve" }).waitFor();
      // Cookies do not tell ports apart, as they do not tell the servers behind one proxy apart.
      const cookie = (await tab.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
      const at = async (origin: string) =>
        (await fetch(`${origin}/approvals/${question.id}`, { headers: { cookie }, redirect: "manual" })).status;
      expect([await at(first()), await at(second())]).toEqual([200, 200]);
      await tab.goto(`${second()}/approvals`);
      await tab.getByRole("button", { name: "Log out" }).click();
      await tab.locator("button[value=yes]").waitFor();
      expect([await at(first()), await at(second())]).toEqual([302, 302]);
    });
  });
});
