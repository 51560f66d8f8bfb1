import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { approvalLifetime } from "../../src/approval/deadlines.js";
import { questionLimits } from "../../src/approval/question-limits.js";
import { ATTEMPTS } from "../../src/cloud/retry.js";
import { callTimes, options } from "../../src/config/options.js";
import { rolloutWithinMs } from "../../src/jobs/requests.js";
import { clientKinds } from "../../src/tls-check/tls-check.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8").replace(/\s+/g, " ");

/** Files that people or models read, comments among them. */
function texts(): { path: string; text: string }[] {
  const within = (folder: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`);
  const paths = ["README.md", "README.zh-CN.md", "SECURITY.md", "CHANGELOG.md", ...within("docs"), ...within("src")];
  return paths.filter((path) => /\.(?:md|ts)$/.test(path)).map((path) => ({ path, text: read(path) }));
}

/** The vendors have operations that list domains and tell certificates; the five documents of this server have not. */
describe("what is not known here", () => {
  it("is never said of the vendors", () => {
    const falsely =
      /\b(?:no|only|none of the) documented operations?\b|(?:Alibaba|Huawei) Cloud list nothing|有文档的操作都不能/i;
    expect(
      texts()
        .filter(({ text }) => falsely.test(text))
        .map(({ path }) => path),
    ).toEqual([]);
  });
});

const words = ["", "one", "two", "three", "four", "five", "six"];
const minute = 60_000;

describe("a number in a document is the program's", () => {
  it.each([
    ["README.md", `for ${words[approvalLifetime / minute]} minutes`],
    ["docs/approval.md", `for ${words[approvalLifetime / minute]} minutes`],
    ["docs/approval.md", `${questionLimits.open} open at once, ${questionLimits.perMinute} a minute`],
    ["docs/zh-CN/approval.md", `同时最多 ${questionLimits.open} 个，每分钟 ${questionLimits.perMinute} 个`],
    ["docs/approval.md", `${callTimes.usual / 1_000} seconds unless the client is known to wait longer`],
    ["docs/zh-CN/approval.md", `默认 ${callTimes.usual / 1_000} 秒`],
    ["docs/limits.md", `up to ${words[ATTEMPTS - 1]} times`],
    ["docs/limits.md", `for ${words[rolloutWithinMs / (60 * minute)]} hour`],
    ["docs/jobs.md", `as ${words[clientKinds.length]} kinds of client`],
    ["docs/sandbox.md", `${options.sandboxSpeed.fallback} times faster`],
    ["docs/zh-CN/sandbox.md", `快 ${options.sandboxSpeed.fallback} 倍`],
  ])("%s: %s", (path, says) => expect(read(path)).toContain(says));
});
