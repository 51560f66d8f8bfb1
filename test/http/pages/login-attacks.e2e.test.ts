import { randomBytes } from "node:crypto";
import { fastify } from "fastify";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { readOnlyRules } from "../../../src/access/rules.js";
import { TeamDecisions } from "../../../src/approval/team/decisions.js";
import { MemoryQuestions } from "../../../src/approval/team/memory-questions.js";
import { Sealer } from "../../../src/database/sealing.js";
import { MemoryPageRecords, PageSessions } from "../../../src/http/pages/page-sessions.js";
import { PendingLogins } from "../../../src/http/pages/pending-logins.js";
import { servePages } from "../../../src/http/pages/routes.js";
import { machineTime } from "../../../src/lib/time-source.js";
import { alice } from "../../approval/team/support.js";
import { ofRows, rows, wide } from "../../support/width.js";
import { describeWithBrowsers, heading, logIn, type People, TeamSite } from "./support.js";

/** Every attack here logs nobody in. */
describeWithBrowsers("attacks on the login of the team's pages", (people: People) => {
  let site: TeamSite;
  /** How long ago everything else happened, in milliseconds. */
  let later = 0;
  beforeAll(async () => {
    site = await TeamSite.start(undefined, [], () => new Date(Date.now() + later));
  });
  afterAll(() => site.close());

  it.each(
    rows(
      [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/approvals/../evil",
        "javascript:alert(1)",
        "/logout",
      ],
      3,
    ),
  )("open redirect: %s leads to the list", ofRows, async (to) => {
    const tab = await people.browser();
    await logIn(tab, `${site.origin}/login?to=${encodeURIComponent(to)}`, "bob");
    await tab.getByText("Nothing waits for you.").waitFor();
    expect(tab.url()).toBe(`${site.origin}/approvals`);
  });

  /** A login up to the way back, which is not taken. */
  const brought = async (tab: Page): Promise<string> => {
    const { request } = tab.context();
    await tab.goto(`${site.origin}/login`);
    const action = z.string().parse(await tab.locator("form").first().getAttribute("action"));
    const form = { prompt: "login", login: "bob", password: "any" };
    let answer = await request.post(new URL(action, tab.url()).href, { form, maxRedirects: 0 });
    for (;;) {
      const location = new URL(z.string().parse(answer.headers().location), site.provider.issuer).href;
      if (location.startsWith(`${site.origin}/login/callback`)) return location;
      answer = await request.get(location, { maxRedirects: 0 });
    }
  };

  it("the provider's answer is good once, in the browser that asked for it", async () => {
    const tab = await people.browser();
    const back = await brought(tab);
    const victim = await people.browser();
    await victim.goto(back);
    await heading(victim, "Not logged in");
    await tab.goto(back);
    await tab.getByText("Nothing waits for you.").waitFor();
    await tab.goto(back);
    await heading(tab, "Not logged in");
  });

  it("state, nonce and code of different logins do not go together", wide, async () => {
    const one = new URL(await brought(await people.browser()));
    const tab = await people.browser();
    const other = new URL(await brought(tab));
    other.searchParams.set("code", one.searchParams.get("code") ?? "");
    await tab.goto(other.href);
    await heading(tab, "Not logged in");
    const third = await people.browser();
    const mine = new URL(await brought(third));
    mine.searchParams.set("state", one.searchParams.get("state") ?? "");
    await third.goto(mine.href);
    await heading(third, "Not logged in");
  });

  it("who leaves out that the login is to be anew has not logged in anew", wide, async () => {
    const tab = await people.browser();
    await logIn(tab, `${site.origin}/approvals`, "bob");
    await tab.getByText("Nothing waits for you.").waitFor();
    const begun = await tab.context().request.get(`${site.origin}/login?again=1`, { maxRedirects: 0 });
    const url = new URL(begun.headers().location ?? "");
    url.searchParams.delete("prompt");
    url.searchParams.delete("max_age");
    await tab.goto(url.href);
    await heading(tab, "Not logged in");
  });

  it("a forged Host or X-Forwarded-Host is in no link", async () => {
    const { hostname, port } = new URL(site.origin);
    const { request } = await import("node:http");
    const answer = await new Promise<{ location: string }>((resolve, reject) => {
      const headers = { host: "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" };
      request({ hostname, port, path: "/approvals", headers }, (response) => {
        response.resume();
        resolve({ location: response.headers.location ?? "" });
      })
        .on("error", reject)
        .end();
    });
    expect(new URL(answer.location).searchParams.get("redirect_uri")).toBe(`${site.origin}/login/callback`);
    expect(answer.location).not.toContain("evil");
  });

  const begunIn = async (tab: Page) => {
    const found = (await tab.context().cookies()).find(({ name }) => name === "cloudcert-login");
    return z.string().parse(found?.value);
  };
  /** The way back, taken without a browser. */
  const taken = async (back: string, cookie: string | undefined) => {
    const headers = cookie === undefined ? {} : { cookie: `cloudcert-login=${cookie}` };
    const answer = await fetch(back, { headers, redirect: "manual" });
    return { status: answer.status, loggedIn: /\bcloudcert=[\w-]/.test(answer.headers.get("set-cookie") ?? "") };
  };
  const refused = { status: 400, loggedIn: false };

  it("another browser's login does not end with this one's answer", wide, async () => {
    const tab = await people.browser();
    const back = await brought(tab);
    const other = await people.browser();
    await other.goto(`${site.origin}/login`);
    expect(await taken(back, await begunIn(other))).toEqual(refused);
    expect(await taken(back, undefined)).toEqual(refused);
    await tab.goto(back);
    await tab.getByText("Nothing waits for you.").waitFor();
  });

  it("an answer that was used is not taken again, with a copy of the cookie either", async () => {
    const tab = await people.browser();
    const back = await brought(tab);
    const copied = await begunIn(tab);
    await tab.goto(back);
    await tab.getByText("Nothing waits for you.").waitFor();
    expect((await tab.context().cookies()).map(({ name }) => name)).not.toContain("cloudcert-login");
    expect(await taken(back, copied)).toEqual(refused);
  });

  it("of many that take the same answer at once, one is logged in", wide, async () => {
    const tab = await people.browser();
    const back = await brought(tab);
    const cookie = await begunIn(tab);
    const all = await Promise.all(Array.from({ length: 8 }, () => taken(back, cookie)));
    expect(all.filter(({ loggedIn }) => loggedIn).length).toBeLessThanOrEqual(1);
  });

  it("a cookie that was changed, cut, made or taken from elsewhere begins nothing", async () => {
    const tab = await people.browser();
    const back = await brought(tab);
    const cookie = await begunIn(tab);
    const [key = "", nonce = "", sealed = ""] = cookie.split(".");
    const flipped = (text: string, at: number) =>
      `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
    const made = Buffer.from(JSON.stringify({ state: "a", nonce: "b", verifier: "c", to: "/", again: true }));
    const forged = [
      ...[0, Math.floor(sealed.length / 2), sealed.length - 2].map((at) => [key, nonce, flipped(sealed, at)].join(".")),
      [key, flipped(nonce, 3), sealed].join("."),
      [flipped(key, 0), nonce, sealed].join("."),
      [key, nonce, sealed.slice(0, -4)].join("."),
      [key, nonce, sealed.slice(0, 8)].join("."),
      [key, nonce, made.toString("base64url")].join("."),
      made.toString("base64url"),
      "..",
      "",
      "x".repeat(4_000),
    ];
    for (const each of forged) expect(await taken(back, each)).toEqual(refused);
    expect(await taken(back, cookie)).toEqual({ status: 303, loggedIn: true });
  });

  it("a login that was begun is over after ten minutes, whatever the browser keeps", async () => {
    const tab = await people.browser();
    const back = await brought(tab);
    const cookie = await begunIn(tab);
    later = 10 * 60_000;
    expect(await taken(back, cookie)).toEqual(refused);
    later = 0;
    expect(await taken(back, cookie)).toEqual({ status: 303, loggedIn: true });
  });

  it("a target too large for a cookie is not kept", wide, async () => {
    const to = `/approvals/${"x".repeat(7_000)}`;
    const answer = await fetch(`${site.origin}/login?to=${to}`, { redirect: "manual" });
    expect(answer.status).toBe(302);
    const cookie = z.string().parse(answer.headers.get("set-cookie"));
    expect(cookie.length).toBeLessThan(1_000);
    const tab = await people.browser();
    await logIn(tab, `${site.origin}/login?to=${to}`, "bob");
    await tab.getByText("Nothing waits for you.").waitFor();
    expect(tab.url()).toBe(`${site.origin}/approvals`);
  });

  it("tells whoever holds the cookie nothing of what was begun", async () => {
    const tab = await people.browser();
    const back = new URL(await brought(tab));
    const cookie = await begunIn(tab);
    const readable = cookie.split(".").map((part) => Buffer.from(part, "base64url").toString("latin1"));
    for (const each of [cookie, ...readable]) expect(each).not.toContain(back.searchParams.get("state"));
  });
});

it("a provider that takes its own answer twice logs in once", async () => {
  const records = new MemoryPageRecords(machineTime.now);
  const login = { state: "state", nonce: "nonce", verifier: "verifier", to: "/approvals", again: false };
  const app = fastify();
  await app.register(servePages, {
    origin: new URL("http://127.0.0.1"),
    login: {
      begin: async () => ({ url: new URL("https://provider.example/"), login }),
      finish: async () => ({ person: alice, idToken: "an ID token" }),
      logoutUrl: async () => undefined,
      logoutOrigin: async () => undefined,
    },
    sessions: new PageSessions(records),
    logins: new PendingLogins(new Sealer([randomBytes(32)], "begun logins"), records, machineTime.now),
    decisions: new TeamDecisions(new MemoryQuestions(machineTime.now), readOnlyRules),
    limited: async () => undefined,
    log: () => {},
  });
  const begun = await app.inject("/login");
  const cookies = Object.fromEntries(begun.cookies.map(({ name, value }) => [name, value]));
  const all = await Promise.all(
    [1, 2, 3].map(() => app.inject({ url: "/login/callback?code=a&state=state", cookies })),
  );
  expect(all.map(({ statusCode }) => statusCode).toSorted()).toEqual([303, 400, 400]);
  await app.close();
});
