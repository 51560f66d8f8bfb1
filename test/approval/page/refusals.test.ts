import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ApprovalPage } from "../../../src/approval/page/server.js";
import { csrfTokenIn, post, requestAt, type Sending, send } from "./support.js";

let page: ApprovalPage;
beforeEach(() => {
  page = new ApprovalPage();
});
afterEach(() => page.close());

const form = { "content-type": "application/x-www-form-urlencoded" };

describe("what the page's own form would not send", () => {
  const refused: [string, number, Sending][] = [
    ["a foreign Host", 421, { headers: { host: "attacker.example" } }],
    ["the Host of another port", 421, { headers: { host: "127.0.0.1:1" } }],
    ["a foreign Origin", 403, { headers: { origin: "https://attacker.example" } }],
    ["the Origin of another port", 403, { method: "POST", headers: { ...form, origin: "http://127.0.0.1:1" } }],
    ["an opaque Origin", 403, { method: "POST", headers: { ...form, origin: "null" } }],
    ["another site", 403, { method: "POST", headers: { ...form, "sec-fetch-site": "cross-site" } }],
    ["another port of this site", 403, { method: "POST", headers: { ...form, "sec-fetch-site": "same-site" } }],
    ["no site at all", 403, { method: "POST", headers: { ...form, "sec-fetch-site": "none" } }],
    ["HEAD", 405, { method: "HEAD" }],
    ["PUT", 405, { method: "PUT", headers: form }],
    ["OPTIONS", 405, { method: "OPTIONS", headers: { "access-control-request-method": "POST" } }],
    ["no content type", 415, { method: "POST" }],
    ["text", 415, { method: "POST", headers: { "content-type": "text/plain" } }],
    ["multipart", 415, { method: "POST", headers: { "content-type": "multipart/form-data; boundary=x" } }],
    ["JSON", 415, { method: "POST", headers: { "content-type": "application/json" } }],
  ];

  it.each(refused)("is refused: %s", async (_, status, sending) => {
    const { request } = requestAt();
    const link = await page.offer(request);
    const csrfToken = csrfTokenIn((await send(link)).body);
    const body = sending.method === "POST" ? { body: `csrfToken=${csrfToken}&decision=approve` } : {};
    expect((await send(link, { ...sending, ...body })).status).toBe(status);
    expect(request.open).toBe(true);
  });

  it.each([
    ["no CSRF token", 400, () => "decision=approve"],
    ["an empty CSRF token", 403, () => "csrfToken=&decision=approve"],
    ["a made-up CSRF token", 403, () => "csrfToken=abc.def&decision=approve"],
    ["a changed CSRF token", 403, (csrfToken: string) => `csrfToken=x${csrfToken}&decision=approve`],
    ["no decision", 400, (csrfToken: string) => `csrfToken=${csrfToken}`],
    ["another decision", 400, (csrfToken: string) => `csrfToken=${csrfToken}&decision=yes`],
    ["two decisions", 400, (csrfToken: string) => `csrfToken=${csrfToken}&decision=decline&decision=approve`],
    ["a further field", 400, (csrfToken: string) => `csrfToken=${csrfToken}&decision=approve&sure=yes`],
    ["nothing", 400, () => ""],
    ["too much", 413, (csrfToken: string) => `csrfToken=${csrfToken}&decision=approve&typed=${"x".repeat(4096)}`],
  ])("decides nothing: %s", async (_, status, body) => {
    const { request } = requestAt();
    const link = await page.offer(request);
    const csrfToken = csrfTokenIn((await send(link)).body);
    expect((await send(link, { method: "POST", headers: form, body: body(csrfToken) })).status).toBe(status);
    expect(request.open).toBe(true);
  });

  it("decides nothing with the CSRF token of another request", async () => {
    const { request } = requestAt();
    const link = await page.offer(request);
    const other = await page.offer(requestAt().request);
    const { status } = await post(link, { csrfToken: csrfTokenIn((await send(other)).body), decision: "approve" });
    expect([status, request.open]).toEqual([403, true]);
  });

  it("includes none of what browsers do send", async () => {
    const { request } = requestAt();
    const link = (await page.offer(request)).replace("127.0.0.1", "localhost");
    const { host, origin } = new URL(link);
    const address = link.replace("localhost", "127.0.0.1");
    const csrfToken = csrfTokenIn((await send(address, { headers: { host, "sec-fetch-site": "cross-site" } })).body);
    const headers = { host, origin, "sec-fetch-site": "same-origin" };
    expect((await post(address, { csrfToken, decision: "approve" }, headers)).status).toBe(200);
    expect(request.verdict).toBe("approved");
  });
});
