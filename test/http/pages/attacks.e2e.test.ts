import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { TeamQuestion } from "../../../src/approval/team/question.js";
import { foreignPage } from "../../approval/page/browser-support.js";
import { remove, rename } from "../../approval/team/team.js";
import { wide } from "../../support/width.js";
import { describeWithBrowsers, enterName, heading, logIn, type People, TeamSite } from "./support.js";

/** What a browser holds, for requests that no page of ours would make. */
async function cookiesOf(tab: Page): Promise<string> {
  const all = await tab.context().cookies();
  return all.map(({ name, value }) => `${name}=${value}`).join("; ");
}

const tokenIn = async (tab: Page) =>
  z.string().parse(await tab.locator("form[aria-label='Your answer'] input[name=csrfToken]").getAttribute("value"));

/** Every attack here is refused, and nothing is decided by it. */
describeWithBrowsers("attacks on the team's pages", (people: People) => {
  let site: TeamSite;
  let bob: Page;
  beforeAll(async () => {
    site = await TeamSite.start(undefined, ["dora"]);
    bob = await people.browser();
    await logIn(bob, `${site.origin}/approvals`, "bob");
    await bob.getByText("Nothing waits for you.").waitFor();
  });
  afterAll(() => site.close());

  const ask = (change: typeof rename | typeof remove = rename): Promise<TeamQuestion> => {
    const { alice } = site.people;
    return site.team.askedBy(() => void site.team.call(site.team.gate(alice), change, alice));
  };
  const answersTo = async ({ id }: TeamQuestion) => {
    const found = (await site.team.questions().recent()).find((question) => question.id === id);
    return found?.decisions.map(({ name, answer }) => `${name} ${answer}`);
  };
  const post = async (
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>>,
  ) =>
    fetch(`${site.origin}${path}`, {
      method: "POST",
      redirect: "manual",
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: new URLSearchParams(fields),
    });

  describe("cross-site request forgery", () => {
    it("a form without this session's token for this question, or from elsewhere, decides nothing", async () => {
      const question = await ask();
      const other = await ask(remove);
      const path = `/approvals/${question.id}`;
      await bob.goto(`${site.origin}${path}`);
      const [cookie, csrfToken] = [await cookiesOf(bob), await tokenIn(bob)];
      const own = { cookie, origin: site.origin };
      const attempts: readonly [Readonly<Record<string, string>>, Readonly<Record<string, string>>, string?][] = [
        [{ decision: "approve" }, own],
        [{ decision: "approve", csrfToken: "" }, own],
        [{ decision: "approve", csrfToken: `${csrfToken.slice(0, -2)}AA` }, own],
        [{ decision: "approve", csrfToken }, own, `/approvals/${other.id}`],
        [
          { decision: "approve", csrfToken },
          { ...own, origin: "https://evil.example" },
        ],
        [
          { decision: "approve", csrfToken },
          { ...own, origin: "null" },
        ],
        [{ decision: "approve", csrfToken }, { cookie }],
        [
          { decision: "approve", csrfToken },
          { ...own, "sec-fetch-site": "cross-site" },
        ],
        [
          { decision: "approve", csrfToken },
          { ...own, "sec-fetch-site": "same-site" },
        ],
        [{ decision: "approve", csrfToken, more: "x" }, own],
        [{ decision: "approve", csrfToken }, { origin: site.origin }],
      ];
      for (const [fields, headers, elsewhere] of attempts) {
        expect([403, 401]).toContain((await post(elsewhere ?? path, fields, headers)).status);
      }
      const carol = await people.browser();
      await logIn(carol, `${site.origin}${path}`, "carol");
      const foreign = { decision: "approve", csrfToken: await tokenIn(carol) };
      expect((await post(path, foreign, own)).status).toBe(403);
      expect([await answersTo(question), await answersTo(other)]).toEqual([[], []]);
      expect((await post(path, { decision: "approve", csrfToken }, own)).status).toBe(303);
      expect(await answersTo(question)).toEqual(["Bob approved"]);
      await site.team.answer(other, site.people.bob, false);
    });

    it("a form on a foreign page decides nothing in a real browser", async () => {
      const question = await ask();
      await bob.goto(`${site.origin}/approvals/${question.id}`);
      const fields = `<input name=csrfToken value="${await tokenIn(bob)}"><button name=decision value=approve>Win</button>`;
      await using page = await foreignPage(
        `<form method=post action="${site.origin}/approvals/${question.id}">${fields}</form>`,
      );
      await bob.goto(page.url);
      await bob.getByRole("button", { name: "Win" }).click();
      await heading(bob, "Invalid form");
      expect(await answersTo(question)).toEqual([]);
      await site.team.answer(question, site.people.bob, false);
    });

    it("a foreign page logs nobody out", async () => {
      const cookie = await cookiesOf(bob);
      expect((await post("/logout", {}, { cookie, origin: "https://evil.example" })).status).toBe(403);
      expect((await post("/logout", {}, { cookie, origin: site.origin })).status).toBe(403);
      await bob.goto(`${site.origin}/approvals`);
      await heading(bob, "Questions");
    });
  });

  describe("sessions", () => {
    it("fixation: a session that was planted before the login is not the person's afterwards", wide, async () => {
      const tab = await people.browser();
      const planted = "planted-by-somebody-else-0123456789";
      await tab.context().addCookies([{ name: "cloudcert", value: planted, url: site.origin }]);
      await logIn(tab, `${site.origin}/approvals`, "bob");
      await tab.getByText("Nothing waits for you.").waitFor();
      expect(await cookiesOf(tab)).not.toContain(planted);
      const replay = await fetch(`${site.origin}/approvals`, {
        headers: { cookie: `cloudcert=${planted}` },
        redirect: "manual",
      });
      expect(replay.status).toBe(302);
    });

    it("each login makes a new one and ends the one before", wide, async () => {
      const tab = await people.browser();
      await logIn(tab, `${site.origin}/approvals`, "bob");
      await tab.getByText("Nothing waits for you.").waitFor();
      const before = await cookiesOf(tab);
      await logIn(tab, `${site.origin}/login?again=1`, "bob");
      await tab.getByText("Nothing waits for you.").waitFor();
      expect(await cookiesOf(tab)).not.toBe(before);
      const replay = await fetch(`${site.origin}/approvals`, { headers: { cookie: before }, redirect: "manual" });
      expect(replay.status).toBe(302);
    });

    it("after logout a copied cookie is worth nothing", wide, async () => {
      const tab = await people.browser();
      await logIn(tab, `${site.origin}/approvals`, "bob");
      await tab.getByText("Nothing waits for you.").waitFor();
      const copied = await cookiesOf(tab);
      await tab.getByRole("button", { name: "Log out" }).click();
      await tab.locator("button[value=yes]").waitFor();
      const replay = await fetch(`${site.origin}/approvals`, { headers: { cookie: copied }, redirect: "manual" });
      expect(replay.status).toBe(302);
    });

    it("no script reads them, and no other site's form brings them along", async () => {
      const [session] = (await bob.context().cookies()).filter(({ name }) => name === "cloudcert");
      expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
      const begun = await fetch(`${site.origin}/login`, { redirect: "manual" });
      expect(begun.headers.get("set-cookie")).toMatch(
        /^cloudcert-login=.*; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
      );
    });
  });

  describe("deciding", () => {
    it("without certs:approve shows no question to decide, and an outsider none at all", async () => {
      const question = await ask(remove);
      for (const name of ["dora", "eve"]) {
        const tab = await people.browser();
        await logIn(tab, `${site.origin}/approvals/${question.id}`, name);
        await heading(tab, "Nothing here for you");
        await tab.goto(`${site.origin}/approvals/${"x".repeat(22)}`);
        await heading(tab, "Nothing here for you");
      }
      expect(await answersTo(question)).toEqual([]);
      await site.team.answer(question, site.people.bob, false);
    });

    it("twice counts once", async () => {
      const question = await ask();
      const path = `/approvals/${question.id}`;
      await bob.goto(`${site.origin}${path}`);
      const fields = { decision: "decline", csrfToken: await tokenIn(bob) };
      const headers = { cookie: await cookiesOf(bob), origin: site.origin };
      const all = await Promise.all([1, 2, 3].map(() => post(path, fields, headers)));
      expect(all.map(({ status }) => status).toSorted()).toEqual([303, 409, 409]);
      expect(await answersTo(question)).toEqual(["Bob declined"]);
    });

    it("one's own question counts nothing, even by hand", async () => {
      const question = await ask();
      const path = `/approvals/${question.id}`;
      const alice = await people.browser();
      await logIn(alice, `${site.origin}${path}`, "alice");
      const token = z
        .string()
        .parse(await alice.locator("form[action='/logout'] input[name=csrfToken]").getAttribute("value"));
      const headers = { cookie: await cookiesOf(alice), origin: site.origin };
      expect((await post(path, { decision: "approve", csrfToken: token }, headers)).status).toBe(403);
      expect(await answersTo(question)).toEqual([]);
      await site.team.answer(question, site.people.bob, false);
    });

    it("what cannot be undone takes a login anew: before it there is no form", async () => {
      const question = await ask(remove);
      await bob.goto(`${site.origin}/approvals/${question.id}`);
      await bob.getByRole("link", { name: "Log in again" }).waitFor();
      expect(await bob.locator("input[name=typed]").count()).toBe(0);
      // Another person logs in on the way: it is their session then.
      await bob.getByRole("link", { name: "Log in again" }).click();
      await enterName(bob, "bob");
      await bob.getByRole("button", { name: "Approve" }).waitFor();
      await site.team.answer(question, site.people.bob, false);
    });
  });

  it("clickjacking: no page is shown in a frame", async () => {
    const answer = await fetch(`${site.origin}/approvals`, { headers: { cookie: await cookiesOf(bob) } });
    expect(answer.headers.get("x-frame-options")).toBe("DENY");
    expect(answer.headers.get("content-security-policy")).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/);
    await using page = await foreignPage(`<iframe src="${site.origin}/approvals"></iframe>`);
    const tab = await people.browser();
    await tab.context().addCookies(await bob.context().cookies());
    await tab.goto(page.url);
    const framed = tab.frames().find((frame) => frame !== tab.mainFrame());
    expect(await framed?.locator("h2").count()).toBe(0);
  });

  it("an upload without this session's token, or for another account, stores nothing", async () => {
    const alice = await people.browser();
    await logIn(alice, `${site.origin}/upload`, "alice");
    const token = z.string().parse(await alice.locator("form[enctype] input[name=csrfToken]").getAttribute("value"));
    const headers = { cookie: await cookiesOf(alice), origin: site.origin };
    const upload = async (
      fields: Readonly<Record<string, string>>,
      more: Readonly<Record<string, string>> = headers,
    ) => {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      body.set("file", new Blob(["-----BEGIN PRIVATE KEY-----"]), "site.key");
      return (await fetch(`${site.origin}/upload`, { method: "POST", headers: more, body, redirect: "manual" })).status;
    };
    expect(await upload({ account: "prod" })).toBe(403);
    expect(await upload({ account: "test", csrfToken: token })).toBe(403);
    expect(await upload({ account: "prod", csrfToken: token }, { ...headers, origin: "https://evil.example" })).toBe(
      403,
    );
    expect(await upload({ account: "prod", csrfToken: token }, { origin: site.origin })).toBe(401);
    expect(site.kept).toEqual([]);
    expect(await upload({ account: "prod", csrfToken: token })).toBe(422);
  });
});
