import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { huaweiAuthToken, permanentCredentials, temporaryCredentials } from "../../src/sandbox/credentials.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { huaweiOutcome, sdkHmac, send } from "./wire.js";

let sandbox: Sandbox;
let live: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  live = sandbox.endpoints["huawei-live"];
});
afterAll(() => sandbox.close());

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const wrongSecret = { ...permanentCredentials.huawei, secret: `${permanentCredentials.huawei.secret}!` };
const stranger = { id: "nobody", secret: "nothing" };

describe("Huawei Cloud", () => {
  const tls_certificate = { source: "scm", cert_id: "scs1600000000000" };
  const domain = "play.example.com";

  it.each([
    ["AK and SK", {}],
    ["a temporary credential", { credential: temporaryCredentials.huawei }],
    ["a clock that is fourteen minutes ahead", { time: minutesAgo(-14) }],
  ])("takes %s", async (_what, otherwise) => {
    const answer = await send(sdkHmac(live, domain, { tls_certificate }, otherwise));
    expect(huaweiOutcome(answer)).toBe("200 done");
    expect(answer.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ["a wrong SK", { credential: wrongSecret }, "401 APIGW.0301"],
    ["an unknown AK", { credential: stranger }, "401 APIGW.0301"],
    ["a clock that is sixteen minutes behind", { time: minutesAgo(16) }, "401 APIGW.0301"],
    ["another token", { credential: temporaryCredentials.huawei, token: "x" }, "401 APIGW.0301"],
    ["a project of someone else", { project: "another" }, "401 LIVE.100011003"],
    ["an unknown path", { path: "/v1/sandboxproject/guard/nothing" }, "404 APIGW.0101"],
    ["another method", { method: "POST" }, "400 LIVE.100011011"],
  ])("refuses %s", async (_what, otherwise, outcome) => {
    expect(huaweiOutcome(await send(sdkHmac(live, domain, { tls_certificate }, otherwise)))).toBe(outcome);
  });

  it("repeats the request's id in the body of what its gateway refuses", async () => {
    const answer = await send(sdkHmac(live, domain, {}, { credential: stranger }));
    expect(JSON.parse(answer.text)).toMatchObject({ request_id: answer.headers["x-request-id"] });
  });

  it("refuses a changed body, a missing project header and another media type", async () => {
    const wire = sdkHmac(live, domain, { tls_certificate });
    expect(huaweiOutcome(await send({ ...wire, body: `${wire.body} ` }))).toBe("401 APIGW.0301");
    const { "x-project-id": _, ...headers } = wire.headers;
    expect(huaweiOutcome(await send({ ...wire, headers }))).toBe("401 APIGW.0301");
    const token = { "x-auth-token": huaweiAuthToken, "content-type": "text/plain" };
    expect(huaweiOutcome(await send({ ...wire, headers: token }))).toBe("400 LIVE.100011012");
  });

  it("takes a token in place of a signature", async () => {
    const wire = sdkHmac(live, domain, { tls_certificate });
    const headers = (token: string) => ({ "content-type": "application/json", "x-auth-token": token });
    expect(huaweiOutcome(await send({ ...wire, headers: headers(huaweiAuthToken) }))).toBe("200 done");
    expect(huaweiOutcome(await send({ ...wire, headers: headers("another") }))).toBe("401 APIGW.0301");
    const malformed = { ...wire, headers: headers(huaweiAuthToken), body: "{" };
    expect(huaweiOutcome(await send(malformed))).toBe("400 LIVE.100011001");
  });

  it("refuses a path that is not decodable, and more than 12 MB", async () => {
    const wire = sdkHmac(live, domain, { tls_certificate });
    expect(huaweiOutcome(await send({ ...wire, url: `${live}/%ff` }))).toBe("400 APIGW.0201");
    expect(huaweiOutcome(await send({ ...wire, body: "A".repeat(13 * 1024 * 1024) }))).toBe("413 APIGW.0201");
  });
});
