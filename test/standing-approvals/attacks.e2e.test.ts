import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { plainDomain } from "../../src/sandbox/delivery.js";
import { type Assistant, saysYes } from "../support/assistant.js";
import { Company, type Files } from "../support/company.js";
import { ofRows, rows, wide } from "../support/width.js";
import { changesAt, commandOf, lineOf } from "../unattended/support.js";
import { boundsOf, give } from "./support.js";

let company: Company;
let files: Files;
const first = "d1.example.com";

beforeEach(async () => {
  company = await Company.open({ speed: 1_000_000 });
  files = await company.issue("site");
});
afterEach(() => company.close());

const bounds = () => ({
  ...boundsOf(company),
  services: ["alibaba-cdn"],
  directories: [realpathSync(company.home)],
  uses_a_day: 10,
});

/** Gives one on the page. */
async function giveOnPage(args: Parameters<typeof give>[1]): Promise<void> {
  const person = await company.assistant(["--approve", "page"]);
  await give(person, args);
  await person.close();
}

/** Nobody is there to answer; `questions` says what would have been asked. */
async function nobody(questions: string[] = []): Promise<Assistant> {
  return company.assistant(["--approve", "elicit"], {
    person: (params) => {
      questions.push(JSON.stringify(params));
      return { action: "decline" };
    },
  });
}

/** A certificate for so many days, in files. */
async function keep(name: string, days: number): Promise<{ readonly chain: string; readonly key: string }> {
  const issued = await company.sandbox.account.authority.issue({
    names: ["example.com", "*.example.com"],
    key: "EC-P256",
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + days * 86_400_000),
  });
  const [chain, key] = [join(company.home, `${name}.crt`), join(company.home, `${name}.key`)];
  writeFileSync(chain, issued.certificatePem);
  writeFileSync(key, issued.privateKeyPem, { mode: 0o600 });
  return { chain, key };
}

/** Each of them serves what it will go back to, with its key in a file. */
async function servingBefore(names: readonly string[]): Promise<void> {
  for (const name of names) company.sandbox.account.cdn.set(name, plainDomain(name, new Date(0)));
  const before = await keep("before", 10);
  const person = await company.assistant(["--approve", "elicit"], { person: saysYes });
  await person.result("deploy_certificate", { ...referring(before), targets: onCdn(names), waves: false });
  await person.close();
}

const referring = ({ chain, key }: { readonly chain: string; readonly key: string }) => ({
  certificate: `file:${chain}`,
  private_key: `file:${key}`,
});

const onCdn = (names: readonly string[]) => [{ service: "alibaba-cdn", domains: names }];

describe("what a standing approval's words do not allow", () => {
  it.each(
    rows(
      [
        [
          "of other zones",
          { services: ["tencent-ssl", "tencent-edgeone"], zones: ["zone-another"] },
          "not one of its zones",
        ],
        ["at all", { services: ["tencent-ssl"] }, "tencent-edgeone is not one of its services"],
      ],
      1,
    ),
  )("is a one-click update that takes hosts of EdgeOne along %s", ofRows, async (_which, where, says) => {
    await giveOnPage({ ...bounds(), ...where });
    const questions: string[] = [];
    const assistant = await nobody(questions);
    await assistant.failure("deploy_certificate", {
      ...referring(files),
      targets: [{ service: "tencent-ssl", old_certificate_id: company.certificate("storefront") }],
    });
    await assistant.close();
    expect(questions.join()).toContain(says);
    expect(company.done()).toEqual([]);
  });

  it("is a directory under another name than that of its files", async () => {
    const home = realpathSync(company.home);
    mkdirSync(join(home, "wide"));
    symlinkSync("wide", join(home, "narrow"));
    const assistant = await company.assistant(["--approve", "page"]);
    for (const directory of [join(home, "narrow"), "narrow", `${home}/narrow/..`, "."]) {
      const said = await assistant.failure("propose_standing_approval", { ...bounds(), directories: [directory] });
      expect(said).toContain("Give it by that path");
    }
    await assistant.close();
  });

  it("is sent in no dry run", wide, async () => {
    await servingBefore([first]);
    await giveOnPage(bounds());
    const sent = changesAt(company).length;
    const args = { ...referring(files), targets: onCdn([first]) };
    const ended = await commandOf(company, ["run", "deploy_certificate", JSON.stringify(args), "--dry-run"]).ended();
    expect(lineOf(ended).plan?.rows).toHaveLength(1);
    expect(changesAt(company)).toHaveLength(sent);
  });
});

it("a grant of what is signed at Tencent Cloud allows Tencent Cloud's access key", wide, async () => {
  await servingBefore([first]);
  await giveOnPage({ ...bounds(), directories: undefined, from_store: true, grants: ["key_to_other_cloud"] });
  const questions: string[] = [];
  const assistant = await nobody(questions);
  const uploaded = company.certificate("storefront");
  await assistant.call("deploy_certificate", { certificate_id: uploaded, targets: onCdn([first]) });
  await assistant.close();
  expect(questions.join()).not.toContain("not one of its access keys");
});
