import { expect, it } from "vitest";
import { readReply } from "../../src/catalogue/documented-reply.js";
import { describeCertificateBindResourceTaskResult } from "../../src/catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { bindingsIn } from "../../src/tools/certificate-usage.js";

const counted = (ResourceType: string, TotalCount: number | string | null, error: string | null = "") => ({
  ResourceType,
  BindResourceRegionResult: [{ Region: "", TotalCount, Error: error }],
});

it.each([
  ["running", { Status: 0, BindResourceResult: null }, undefined],
  ["without a status", { BindResourceResult: null }, undefined],
  ["done, without any product", { Status: 1, BindResourceResult: null }, { state: "unknown", why: "some not counted" }],
  ["done, all counted", { Status: 1, BindResourceResult: [counted("cdn", 0)] }, { state: "unused" }],
  [
    "done, one product not counted",
    { Status: 1, BindResourceResult: [counted("cdn", 0), counted("clb", null, "timeout")] },
    { state: "unknown", why: "some not counted" },
  ],
  [
    "done, one product without a count",
    { Status: 1, BindResourceResult: [counted("cdn", 0), counted("clb", null)] },
    { state: "unknown", why: "some not counted" },
  ],
  [
    "done, one product with a count in another form",
    { Status: 1, BindResourceResult: [counted("cdn", 0), counted("clb", "three")] },
    { state: "unknown", why: "some not counted" },
  ],
  [
    "done, one product with a count that is written as text",
    { Status: 1, BindResourceResult: [counted("cdn", 0), counted("clb", "3")] },
    { state: "in use", taskId: "7", counts: "3 clb", total: 3 },
  ],
  [
    "done, one product with a count that is none",
    { Status: 1, BindResourceResult: [counted("cdn", 0), counted("clb", -1)] },
    { state: "unknown", why: "some not counted" },
  ],
  [
    "done, in use although one product was not counted",
    { Status: 1, BindResourceResult: [counted("cdn", 2), counted("clb", null, "timeout")] },
    { state: "in use", taskId: "7", counts: "2 cdn, some not counted", total: 2 },
  ],
  [
    "failed",
    { Status: 2, BindResourceResult: null, Error: { Code: "InternalError", Message: "" } },
    { state: "unknown", why: "could not be looked up: InternalError" },
  ],
  [
    "failed, with a message",
    { Status: 2, BindResourceResult: null, Error: { Code: "FailedOperation", Message: "查询失败" } },
    { state: "unknown", why: 'could not be looked up: FailedOperation: "查询失败"' },
  ],
  [
    "failed, with a message alone",
    { Status: 2, BindResourceResult: null, Error: { Code: null, Message: "查询失败" } },
    { state: "unknown", why: 'could not be looked up: "查询失败"' },
  ],
])("a task that is %s", (_name, told, expected) => {
  const reply = { SyncTaskBindResourceResult: [{ TaskId: "7", ...told }] };
  const answer = readReply(describeCertificateBindResourceTaskResult, reply);
  expect(answer?.SyncTaskBindResourceResult.map(bindingsIn)).toEqual([expected]);
});
