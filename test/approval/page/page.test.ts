import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ApprovalPage } from "../../../src/approval/page/server.js";
import { csrfTokenIn, destroyPlan, hold, post, requestAt, send, submit, trafficPlan } from "./support.js";

let page: ApprovalPage;
beforeEach(() => {
  page = new ApprovalPage();
});
afterEach(() => page.close());

describe("the link", () => {
  it("carries 32 random bytes and leads to the plan", async () => {
    const link = await page.offer(requestAt().request);
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/approve\/[\w-]{43}$/);
    expect(Buffer.from(link.slice(-43), "base64url")).toHaveLength(32);
    expect((await send(link)).body).toContain(`<h1 id="question"`);
  });

  it("is different for every request, on one server", async () => {
    const [one, two] = await Promise.all([page.offer(requestAt().request), page.offer(requestAt().request)]);
    expect(one).not.toBe(two);
    expect(new URL(one).port).toBe(new URL(two).port);
  });

  it("may be opened again while nothing is decided, and each rendering can be answered", async () => {
    const { request } = requestAt();
    const link = await page.offer(request);
    const first = await send(link);
    const second = await send(link);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(csrfTokenIn(first.body)).not.toBe(csrfTokenIn(second.body));
    expect((await post(link, { csrfToken: csrfTokenIn(first.body), decision: "approve" })).status).toBe(200);
    expect(request.verdict).toBe("approved");
  });

  it.each([
    ["another token", (link: string) => link.replace(/.{43}$/, "A".repeat(43))],
    ["a shortened token", (link: string) => link.slice(0, -1)],
    ["a lengthened token", (link: string) => `${link}A`],
    ["no token", (link: string) => link.replace(/[^/]+$/, "")],
    ["a query", (link: string) => `${link}?approve`],
    ["the root", (link: string) => new URL("/", link).href],
  ])("is not known with %s", async (_, change) => {
    const { request } = requestAt();
    const link = change(await page.offer(request));
    expect((await send(link)).status).toBe(404);
    expect((await post(link, { csrfToken: "x", decision: "approve" })).status).toBe(404);
    expect(request.open).toBe(true);
  });

  it("is forgotten when many others are over", async () => {
    const first = requestAt().request;
    const link = await page.offer(first);
    first.decide(false, "page");
    const open = await page.offer(requestAt().request);
    for (let count = 0; count < 65; count++) {
      const { request } = requestAt();
      await page.offer(request);
      request.decide(false, "page");
    }
    await page.offer(requestAt().request);
    expect((await send(link)).status).toBe(404);
    expect((await send(open)).status).toBe(200);
  });
});

describe("every page", () => {
  it("allows nothing but its own style sheet and form", async () => {
    const { headers, body } = await send(await page.offer(requestAt().request));
    const style = /<style>([\s\S]*)<\/style>/.exec(body)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(headers["content-security-policy"]).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    );
    expect(body).not.toMatch(/<script|<link|<img|style=|\son\w+=|javascript:/);
  });

  it.each(["shown", "unknown", "refused"])(
    "is kept out of frames, caches, guesses and other windows: %s",
    async (kind) => {
      const link = await page.offer(requestAt().request);
      const url = kind === "unknown" ? `${link}A` : link;
      const { headers } = await send(url, { method: kind === "refused" ? "PUT" : "GET" });
      expect(headers).toMatchObject({
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
      });
      expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    },
  );
});

describe("a decision", () => {
  it.each([
    ["approve", "approved", "Approved"],
    ["decline", "declined", "Declined"],
  ])("to %s counts", async (decision, verdict, title) => {
    const { request } = requestAt();
    const { status, body } = await submit(await page.offer(request), { decision });
    expect(status).toBe(200);
    expect(body).toContain(`<h1>${title}</h1>`);
    expect([request.verdict, request.ending?.channel]).toEqual([verdict, "page"]);
  });

  it("needs the name where the plan asks for it", async () => {
    const { request } = requestAt(destroyPlan);
    const { status } = await submit(await page.offer(request), { decision: "approve", typed: " kR7pQ2x9 " });
    expect([status, request.verdict]).toEqual([200, "approved"]);
  });

  it.each([{ typed: "kr7pq2x9" }, { typed: "" }, {}])("approves nothing with the wrong name: %j", async (typed) => {
    const { request } = requestAt(destroyPlan);
    const link = await page.offer(request);
    const { status, body } = await submit(link, { decision: "approve", ...typed });
    expect(status).toBe(422);
    expect(body).toContain("the name did not match");
    expect(request.verdict).toBe("wrong name");
    expect((await send(link)).status).toBe(410);
  });

  it("to decline needs no name", async () => {
    const { request } = requestAt(destroyPlan);
    await submit(await page.offer(request), { decision: "decline", typed: "" });
    expect(request.verdict).toBe("declined");
  });

  it("counts once", async () => {
    const { request } = requestAt();
    const link = await page.offer(request);
    const csrfToken = csrfTokenIn((await send(link)).body);
    expect((await post(link, { csrfToken, decision: "decline" })).status).toBe(200);
    const second = await post(link, { csrfToken, decision: "approve" });
    expect(second.status).toBe(410);
    expect(second.body).toContain("The request was declined.");
    expect(request.verdict).toBe("declined");
  });

  it("counts once among many that are on their way", async () => {
    const { request } = requestAt();
    const link = await page.offer(request);
    const csrfToken = csrfTokenIn((await send(link)).body);
    const held = await Promise.all(Array.from({ length: 16 }, () => hold(link)));
    const answers = await Promise.all(
      held.map((finish, index) => finish({ csrfToken, decision: index % 2 === 0 ? "approve" : "decline" })),
    );
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(15);
    expect(winners[0]?.body).toContain(request.verdict === "approved" ? "<h1>Approved" : "<h1>Declined");
  });

  it.each([
    ["approved", true],
    ["declined", false],
  ])("made elsewhere closes the page: %s", async (verdict, approve) => {
    const { request } = requestAt();
    const link = await page.offer(request);
    request.decide(approve, "terminal");
    const { status, body } = await send(link);
    expect(status).toBe(410);
    expect(body).toContain(`The request was ${verdict}.`);
    expect(body).not.toContain(trafficPlan.question.slice(0, 12));
  });

  it("is not asked for any more when nobody waits for it", async () => {
    const { request } = requestAt();
    const link = await page.offer(request);
    request.dismiss("page");
    expect((await send(link)).body).toContain("no longer waits");
  });

  it("cannot be made after its time", async () => {
    const { request, expire } = requestAt();
    const link = await page.offer(request);
    const csrfToken = csrfTokenIn((await send(link)).body);
    expire();
    for (const answer of [await send(link), await post(link, { csrfToken, decision: "approve" })]) {
      expect(answer.status).toBe(410);
      expect(answer.body).toContain("<h1>Expired</h1>");
    }
    expect(request.verdict).toBeUndefined();
  });

  it("comes too late when the time is over while the form is on its way", async () => {
    const { request, expire } = requestAt();
    const link = await page.offer(request);
    const csrfToken = csrfTokenIn((await send(link)).body);
    const finish = await hold(link);
    expire();
    expect((await finish({ csrfToken, decision: "approve" })).status).toBe(410);
    expect(request.verdict).toBeUndefined();
  });
});
