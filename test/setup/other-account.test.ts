import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readConfiguration } from "../../src/config/command-line.js";
import { readRuntimeEnvironment } from "../../src/config/environment.js";
import { ConfigurationError } from "../../src/config/read.js";
import { unlessFailed } from "../../src/lib/tool-error.js";
import { otherAccount } from "../../src/setup/other-account.js";
import { openHeadless } from "../../src/unattended/headless.js";

it("a defect in another account stays one", async () => {
  const defect = new TypeError("no such member");
  const failing = otherAccount(
    "delivery",
    () => Promise.reject(defect),
    () => {},
  );
  await expect(
    unlessFailed(
      failing.within(async () => "seen"),
      () => "a doubt",
    ),
  ).rejects.toBe(defect);
});

it("an account whose settings its operator has to mend is a doubt for the calls of the others, until it opens", async () => {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "cc-other-")));
  const env = { HOME: home };
  const configuration = readConfiguration(["--sandbox", "--audit-log", join(home, "audit.jsonl")], env);
  const environment = readRuntimeEnvironment(configuration, env);
  const account = (name: string) => ({ name, clouds: [], configuration, environment });
  const lines: string[] = [];
  let isMended = false;
  const broken = {
    ...account("delivery"),
    get environment() {
      if (!isMended) throw new ConfigurationError(`--accounts: ${home} is empty`);
      return environment;
    },
  };
  const certs = account("certs");
  const headless = await openHeadless({
    account: certs,
    accounts: [certs, broken],
    env,
    asks: "dry run",
    err: {
      write: (text) => {
        lines.push(text);
        return true;
      },
    },
    stop: new AbortController().signal,
  });
  const look = () =>
    Promise.all(
      headless.context.otherAccounts.map(({ name, within }) =>
        unlessFailed(
          within(async () => `${name} was seen`),
          ({ details: { kind, happened } }) => ({ kind, happened }),
        ),
      ),
    );
  const [doubt] = await look();
  expect(doubt).toMatchObject({ kind: "configuration", happened: expect.stringContaining("could not be opened") });
  expect(JSON.stringify(doubt)).not.toContain(home);
  expect(lines.join("")).toContain(`account delivery could not be opened: --accounts: ${home} is empty`);
  isMended = true;
  expect(await look()).toEqual(["delivery was seen"]);
  await headless.close();
});
