import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sha256Hex } from "../../src/lib/sha256.js";
import { permanentCredentials, temporaryCredentials } from "../../src/sandbox/credentials.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { acs3, acsRpc, alibabaMessage, alibabaOutcome, send } from "./wire.js";

let sandbox: Sandbox;
let cdn: string;
let vod: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  cdn = sandbox.endpoints["alibaba-cdn"];
  vod = sandbox.endpoints["alibaba-vod"];
});
afterAll(() => sandbox.close());

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const wrongSecret = { ...permanentCredentials.alibaba, secret: `${permanentCredentials.alibaba.secret}!` };
const stranger = { id: "nobody", secret: "nothing" };

describe("Alibaba Cloud, ACS3", () => {
  const action = "SetCdnDomainSSLCertificate";
  const off = { DomainName: ".cdn.example.com", SSLProtocol: "off" };

  it.each([
    ["parameters in the query", { inQuery: off }, {}],
    ["parameters in a form", { inForm: off }, {}],
    ["parameters in both", { inQuery: { DomainName: off.DomainName }, inForm: { SSLProtocol: "off" } }, {}],
    ["GET", { inQuery: off }, { method: "GET" }],
    ["a temporary credential", { inForm: off }, { credential: temporaryCredentials.alibaba }],
    ["a clock that is fourteen minutes behind", { inForm: off }, { time: minutesAgo(14) }],
  ] as const)("takes %s", async (_what, params, otherwise) => {
    const answer = await send(acs3(cdn, action, params, otherwise));
    expect(alibabaOutcome(answer)).toBe("200 done");
    expect(JSON.parse(answer.text)).toEqual({ RequestId: answer.headers["x-acs-request-id"] });
  });

  it.each([
    ["a wrong secret", { credential: wrongSecret }, "400 SignatureDoesNotMatch"],
    ["an unknown id", { credential: stranger }, "404 InvalidAccessKeyId.NotFound"],
    ["a clock that is sixteen minutes behind", { time: minutesAgo(16) }, "400 InvalidTimeStamp.Expired"],
    ["a clock that is sixteen minutes ahead", { time: minutesAgo(-16) }, "400 InvalidTimeStamp.Expired"],
    [
      "another token",
      { credential: temporaryCredentials.alibaba, token: "x" },
      "400 InvalidSecurityToken.MismatchWithAccessKey",
    ],
    ["no token", { credential: temporaryCredentials.alibaba, token: "" }, "400 MissingSecurityToken"],
    ["an unknown version", { version: "2001-01-01" }, "400 InvalidVersion"],
  ] as const)("refuses %s", async (_what, otherwise, outcome) => {
    expect(alibabaOutcome(await send(acs3(cdn, action, { inForm: off }, otherwise)))).toBe(outcome);
  });

  it("refuses an unknown action, another path and another method", async () => {
    expect(alibabaOutcome(await send(acs3(cdn, "SetNothing", {}, { version: "2018-05-10" })))).toBe(
      "404 InvalidAction.NotFound",
    );
    const wire = acs3(cdn, action, { inForm: off });
    expect(alibabaOutcome(await send({ ...wire, url: `${cdn}/api` }))).toBe("404 InvalidApi.NotFound");
    expect(alibabaOutcome(await send({ ...wire, method: "PATCH" }))).toBe("400 UnsupportedHTTPMethod");
  });

  it("refuses a nonce that was used", async () => {
    const wire = acs3(cdn, action, { inForm: off });
    expect(alibabaOutcome(await send(wire))).toBe("200 done");
    expect(alibabaOutcome(await send(wire))).toBe("400 SignatureNonceUsed");
  });

  it("does not count the nonce of a request that it refused", async () => {
    const nonce = "the-nonce";
    await send(acs3(cdn, action, { inForm: off }, { nonce, credential: wrongSecret }));
    expect(alibabaOutcome(await send(acs3(cdn, action, { inForm: off }, { nonce })))).toBe("200 done");
  });

  it("refuses a body that was changed, even together with its digest", async () => {
    const wire = acs3(cdn, action, { inForm: off });
    const body = wire.body.replace("off", "on");
    expect(alibabaOutcome(await send({ ...wire, body }))).toBe("400 SignatureDoesNotMatch");
    const headers = { ...wire.headers, "x-acs-content-sha256": sha256Hex(body) };
    expect(alibabaOutcome(await send({ ...wire, body, headers }))).toBe("400 SignatureDoesNotMatch");
  });

  it("refuses a header of the gateway that is sent but not signed", async () => {
    const wire = acs3(cdn, action, { inForm: off });
    const headers = { ...wire.headers, "x-acs-extra": "1" };
    expect(alibabaOutcome(await send({ ...wire, headers }))).toBe("400 IncompleteSignature");
  });

  it("says which string it signed", async () => {
    const message = alibabaMessage(await send(acs3(cdn, action, { inForm: off }, { credential: wrongSecret })));
    expect(message).toMatch(/server string to sign is:ACS3-HMAC-SHA256\n[0-9a-f]{64}$/);
  });

  it("takes a chunked body", async () => {
    const wire = acs3(cdn, action, { inForm: off });
    const headers = { ...wire.headers, "transfer-encoding": "chunked" };
    expect(alibabaOutcome(await send({ ...wire, headers }))).toBe("200 done");
  });
});

describe("Alibaba Cloud, the older RPC signature", () => {
  const action = "SetVodDomainSSLCertificate";
  const off = { DomainName: "vod.example.com", SSLProtocol: "off" };

  it.each([
    ["GET", { method: "GET" }, "200 done"],
    ["POST", { method: "POST" }, "200 done"],
    ["a temporary credential", { credential: temporaryCredentials.alibaba }, "200 done"],
    ["a wrong secret", { credential: wrongSecret }, "400 SignatureDoesNotMatch"],
    ["an unknown id", { credential: stranger }, "404 InvalidAccessKeyId.NotFound"],
    ["a stale clock", { time: minutesAgo(16) }, "400 InvalidTimeStamp.Expired"],
    ["no token", { credential: temporaryCredentials.alibaba, token: "" }, "400 MissingSecurityToken"],
  ] as const)("answers to %s: %o gives %s", async (_what, otherwise, outcome) => {
    expect(alibabaOutcome(await send(acsRpc(vod, action, off, otherwise)))).toBe(outcome);
  });

  it("refuses a nonce that was used", async () => {
    const wire = acsRpc(vod, action, off);
    expect(alibabaOutcome(await send(wire))).toBe("200 done");
    expect(alibabaOutcome(await send(wire))).toBe("400 SignatureNonceUsed");
  });

  it("echoes the parameters, the private key among them, in the string that it signed", async () => {
    const params = { ...off, SSLPri: "my-private-key" };
    const message = alibabaMessage(await send(acsRpc(vod, action, params, { credential: wrongSecret })));
    expect(message).toMatch(/server string to sign is:POST&%2F&.*my-private-key/);
  });

  it("refuses a request without a signature", async () => {
    expect(alibabaOutcome(await send({ method: "GET", url: `${vod}/`, headers: {}, body: "" }))).toBe(
      "400 MissingAccessKeyId",
    );
  });
});
