import { afterAll, beforeAll, expect, it } from "vitest";
import { newQuestion } from "../../approval/team/support.js";
import { remove, rename } from "../../approval/team/team.js";
import { wide } from "../../support/width.js";
import { describeWithBrowsers, enterName, heading, logIn, TeamSite } from "./support.js";

describeWithBrowsers("deciding on the team's pages", (people) => {
  let site: TeamSite;
  beforeAll(async () => {
    site = await TeamSite.start(undefined, ["eve"]);
  });
  afterAll(() => site.close());

  const ask = async (change: typeof rename | typeof remove = rename) => {
    const { alice } = site.people;
    let ended: Promise<string> = Promise.resolve("");
    const question = await site.team.askedBy(() => {
      ended = site.team.call(site.team.gate(alice), change, alice);
    });
    return { question, url: `${site.origin}/approvals/${question.id}`, ended: () => ended };
  };

  it("logs in, sees the question, approves; the call goes on", async () => {
    const { question, url, ended } = await ask();
    const bob = await people.browser();
    await logIn(bob, `${site.origin}/approvals`, "bob");
    expect(await bob.getByText(`asked by Alice (${site.people.alice.id})`).first().isVisible()).toBe(true);
    await bob.getByRole("link", { name: question.plans.en.question }).click();
    await heading(bob, question.plans.en.question);
    const asker = `"Alice" ("${site.people.alice.id}") with a client that calls itself "a client"`;
    expect(await bob.getByText(asker).isVisible()).toBe(true);
    await bob.getByRole("button", { name: "Approve" }).click();
    await bob.getByText(`Bob (${site.people.bob.id}) approved at`).waitFor();
    expect(bob.url()).toBe(url);
    expect(await ended()).toBe("sent");
  });

  it("begins at the address of the server, which a person types", async () => {
    const bob = await people.browser();
    await logIn(bob, `${site.origin}/`, "bob");
    expect(bob.url()).toBe(`${site.origin}/approvals`);
  });

  it("shows who asked that somebody else decides", async () => {
    const { url, ended, question } = await ask();
    const alice = await people.browser();
    await logIn(alice, url, "alice");
    await alice.getByText("somebody else has to decide it").waitFor();
    expect(await alice.getByRole("button", { name: "Approve" }).count()).toBe(0);
    await site.team.answer(question, site.people.bob, false);
    await ended();
  });

  it("takes two of three for what cannot be undone, each logged in anew and with the name typed", wide, async () => {
    const { url, ended } = await ask(remove);
    const sentBefore = site.team.sent.length;
    for (const name of ["dora", "carol"]) {
      expect(site.team.sent).toHaveLength(sentBefore);
      const tab = await people.browser();
      await logIn(tab, url, name);
      expect(await tab.getByRole("button", { name: "Approve" }).count()).toBe(0);
      await tab.getByRole("link", { name: "Log in again" }).click();
      await enterName(tab, name);
      await tab.getByLabel("To approve, type aaaaaaaa").fill("aaaaaaaa");
      await tab.getByRole("button", { name: "Approve" }).click();
      await tab.getByText("approved at").last().waitFor();
    }
    expect(await ended()).toBe("sent");
  });

  it("offers in quiet hours to decline alone", wide, async () => {
    const approvers = { everyone: false, people: [site.people.bob.id], providerGroups: [] };
    const always = [{ time_zone: "UTC", from: "00:00", to: "24:00" }];
    const asked = newQuestion({
      thing: "quiet",
      loginAgain: true,
      requirements: [{ approve: approvers, approvers: 1, askerMayApprove: false, quietHours: always }],
    });
    const question = await site.team.questions().ask(asked);
    expect(await site.team.answer(question, site.people.bob)).toBe("quiet hours");
    const bob = await people.browser();
    await logIn(bob, `${site.origin}/approvals/${question.id}`, "bob");
    await bob.getByText("You can decline.").waitFor();
    expect(await bob.getByRole("button", { name: "Approve" }).count()).toBe(0);
    await bob.getByRole("button", { name: "Decline" }).click();
    await bob.getByText(`Bob (${site.people.bob.id}) declined at`).waitFor();
  });

  it("logs out here and at the provider", wide, async () => {
    const tab = await people.browser();
    await logIn(tab, `${site.origin}/approvals`, "bob");
    await tab.getByRole("button", { name: "Log out" }).click();
    await tab.locator("button[value=yes]").click();
    await heading(tab, "Logged out");
    await tab.goto(`${site.origin}/approvals`);
    await tab.locator("input[name=login]").waitFor();
  });
});
