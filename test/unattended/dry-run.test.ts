import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfiguration } from "../../src/config/command-line.js";
import type { JsonObject } from "../../src/lib/json.js";
import { isOwnTool } from "../../src/pipeline/tool.js";
import { chosenAccount, commandAccounts } from "../../src/setup/accounts.js";
import { callOnce } from "../../src/unattended/call.js";
import { type Headless, type HeadlessOptions, openHeadless } from "../../src/unattended/headless.js";
import { asJson, callInLines } from "../../src/unattended/report.js";
import { sample } from "../support/sample-calls.js";

const home = realpathSync(mkdtempSync(join(tmpdir(), "cc-dry-")));

const open = async (asks: HeadlessOptions["asks"]) => {
  const env = { HOME: home };
  const configuration = readConfiguration(
    ["--sandbox", "--sandbox-speed", "100000", "--files", home, "--audit-log", join(home, "audit.jsonl")],
    {},
  );
  return openHeadless({
    account: chosenAccount(await commandAccounts(configuration, env), undefined),
    accounts: [],
    env,
    asks,
    err: { write: () => true },
    stop: new AbortController().signal,
  });
};

function toolOf({ tools }: Headless, name: string) {
  const tool = tools.get(name);
  if (tool === undefined) throw new Error(`there is no ${name}`);
  return tool;
}

/** Our own tools that change something, with arguments of which a person would be asked. */
const changes: Readonly<Record<string, JsonObject>> = {
  deploy_certificate: { certificate_id: sample.next, targets: [{ domains: ["www.example.com"] }] },
  delete_unused_certificates: { certificate_ids: [sample.idle] },
  turn_off_https: { domains: ["img.example.com"] },
  propose_standing_approval: {
    domains: ["*.example.com"],
    services: ["tencent-edgeone"],
    directories: [home],
    least_gain_days: 1,
    uses_a_day: 1,
    uses: 10,
    last_day: new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10),
  },
};

describe.each([
  ["dry run", "done", 0],
  ["nobody", "needs a person", 3],
] as const)("a call that asks no person: %s", (asks, outcome, code) => {
  let headless: Headless;
  beforeAll(async () => {
    headless = await open(asks);
  });
  afterAll(() => headless.close());

  const planned = async (name: string, args: JsonObject) => {
    const call = asJson(await callOnce(toolOf(headless, name), args, headless));
    expect(call).toMatchObject({ outcome, exit_code: code, plan: { question: expect.any(String) } });
  };

  it("covers each of our own tools that asks a person, apart from the one that needs an earlier job", () => {
    const asking = [...headless.tools.values()].filter((tool) => isOwnTool(tool) && tool.effect !== "read");
    const known = [...Object.keys(changes), "save_to_file", "roll_back"];
    expect(asking.map(({ name }) => name).sort()).toEqual(known.sort());
  });

  it.each(Object.keys(changes))("makes the plan of %s", (name) => planned(name, changes[name] ?? {}));

  it("makes the plan of save_to_file", () => {
    const entry = { content: "password", text: "a password", operation: "Some", member: "Password" } as const;
    const reference = headless.context.vault.keep(entry);
    return planned("save_to_file", { reference, directory: home, name: "www" });
  });
});

describe("the advice after a run that asks nobody", () => {
  it("says how to run it so that a person is asked, and how to approve it in advance", async () => {
    const headless = await open("nobody");
    const name = "delete_unused_certificates";
    const call = await callOnce(toolOf(headless, name), changes[name] ?? {}, headless);
    await headless.close();
    const { error } = call;
    const lines = callInLines(call, headless.reader, { isDryRun: false, hasJson: true });
    expect(lines).toContain(`Next: ${error?.next}`);
    expect(error?.happened).toContain("this run asks nobody");
    expect(error?.next).toContain("leave out --unattended");
    expect(error?.next).toContain("standing approval");
    expect(error?.next).not.toContain("README");
  });
});
