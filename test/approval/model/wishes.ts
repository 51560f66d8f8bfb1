import fc from "fast-check";
import type { ChangeOperation } from "../../../src/catalogue/operation.js";
import { choice, list, struct, text } from "../../../src/catalogue/params.js";
import { createCertificate } from "../../../src/catalogue/tencent-ssl/create-certificate.js";
import { modifyCertificateAlias } from "../../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import type { JsonObject } from "../../../src/lib/json.js";
import type { NamedJob } from "../../../src/pipeline/job-as-call.js";
import { jobsService, type Step } from "../../../src/pipeline/tool.js";

/** What a call asks for, and how the model knows it again: written down here apart from the gate's own binding. */
export interface Wish {
  /** Everything that a person is shown of it and that decides what happens: no two wishes share it. */
  readonly exact: string;
  /** What a person would take for the same wish. */
  readonly thing: string;
  readonly account: string;
  readonly isPurchase: boolean;
  readonly tool: ChangeOperation | NamedJob;
  readonly params: JsonObject;
  /** Of a job. */
  readonly steps: readonly Step[];
}

const accounts = fc.constantFrom("account-1", "account-2");
const ids = fc.constantFrom("aaaaaaaa", "bbbbbbbb");

/** Near-identical texts among them. */
const aliases = fc.constantFrom("x", "X ", "y");

const renames = fc.tuple(ids, aliases, accounts).map(
  ([CertificateId, Alias, account]): Wish => ({
    exact: exactOf("ModifyCertificateAlias", account, [
      ["CertificateId", CertificateId],
      ["Alias", Alias],
    ]),
    thing: JSON.stringify(["rename", CertificateId, Alias.trim().toLowerCase(), account]),
    account,
    isPurchase: false,
    tool: modifyCertificateAlias,
    params: { CertificateId, Alias },
    steps: [],
  }),
);

const purchases = fc.tuple(fc.constantFrom(1, 2), accounts, fc.boolean()).map(([DomainNum, account, turned]): Wish => {
  const members: [string, number][] = [
    ["ProductId", 25],
    ["DomainNum", DomainNum],
    ["TimeSpan", 1],
  ];
  return {
    exact: exactOf("CreateCertificate", account, members),
    thing: JSON.stringify(["buy", DomainNum, account]),
    account,
    isPurchase: true,
    tool: createCertificate,
    params: Object.fromEntries(turned ? members.reverse() : members),
    steps: [],
  };
});

const jobParams = struct({
  ids: list(text("Certificate"), "Certificates"),
  on_failure: choice(["stop", "continue"], "After a failure").optional(),
});

/** A job in steps, whose order and whose course after a failure are part of what is approved. */
const wholeJobs = fc.tuple(fc.constantFrom(["aaaaaaaa", "bbbbbbbb"], ["bbbbbbbb", "aaaaaaaa"]), fc.boolean()).map(
  ([which, goesOn]): Wish => ({
    exact: exactOf("rename_all", "account-1", [
      ...which.flatMap((id): [string, string][] => [
        [`Rename ${id}, CertificateId`, id],
        [`Rename ${id}, Alias`, "z"],
      ]),
      ["on_failure", goesOn ? "continue" : "stop"],
    ]),
    thing: JSON.stringify(["job", goesOn]),
    account: "account-1",
    isPurchase: false,
    tool: renameAll,
    params: { ids: which, on_failure: goesOn ? "continue" : "stop" },
    steps: which.map((id) => ({
      name: `Rename ${id}`,
      operation: modifyCertificateAlias,
      params: { CertificateId: id, Alias: "z" },
    })),
  }),
);

const renameAll: NamedJob = {
  name: "rename_all",
  title: "Rename all",
  service: jobsService,
  effect: "change",
  params: jobParams,
};

const few = { minLength: 1, maxLength: 3 };

/** What one story is about: wishes of one kind, which differ in little, or of all. */
export const pools: fc.Arbitrary<readonly Wish[]> = fc.oneof(
  fc.array(renames, few),
  fc.array(purchases, few),
  fc.array(wholeJobs, few),
  fc.array(fc.oneof(renames, purchases, wholeJobs), few),
);

/** Steps in their order; members of one call in any. */
export function exactOf(
  operation: string,
  account: string,
  details: readonly (readonly [name: string, value: unknown])[],
): string {
  // A plan shows a value in quotation marks unless it looks like an id.
  const written = details.map(([name, value]) => `${name}: ${String(value).replace(/^"(.*)"$/, "$1")}`);
  const steps = written.filter((line) => line.startsWith("Rename"));
  return JSON.stringify([operation, account, steps, written.filter((line) => !steps.includes(line)).sort()]);
}
