import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { policies } from "../../scripts/docs/policies.js";
import { allOperations } from "../../src/catalogue/index.js";
import { ownTools } from "../../src/tools/index.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The grammars of the three clouds, as far as these policies use them. */
const actions = z.array(z.string().regex(/^[a-z-]+(:[a-z]+)?:\w+$/)).nonempty();
const every = z.tuple([z.literal("*")]);
const grammar = z.union([
  z
    .object({
      version: z.literal("2.0"),
      statement: z.tuple([z.object({ effect: z.literal("allow"), action: actions, resource: every }).strict()]),
    })
    .strict()
    .transform(({ statement: [{ action }] }) => action),
  z
    .object({
      Version: z.enum(["1", "5.0"]),
      Statement: z.tuple([z.object({ Effect: z.literal("Allow"), Action: actions, Resource: every }).strict()]),
    })
    .strict()
    .transform(({ Statement: [{ Action }] }) => Action),
]);
const granted = (file: string): readonly string[] => grammar.parse(policies()[file]);

describe("the access policies", () => {
  it("are the files that there are", () => {
    expect(readdirSync(join(root, "policies")).sort()).toEqual(Object.keys(policies()).sort());
  });

  it("grant every operation between them, and nothing else", () => {
    const all = ["tencent-all.json", "tencent-purchases.json", "alibaba-all.json", "huawei-all.json"].flatMap(granted);
    expect(all).toHaveLength(allOperations.length);
    expect(new Set(all).size).toBe(allOperations.length);
  });

  it("name the actions that the vendors' pages name", () => {
    expect(granted("alibaba-all.json")).toEqual(
      expect.arrayContaining([
        "cdn:SetCdnDomainSSLCertificate",
        "yundun-cert:ListUserCertificateOrder",
        "vod:DescribeVodUserDomains",
      ]),
    );
    expect(granted("huawei-all.json")).toEqual([
      "live:domain:deleteCDNConfig",
      "live:domain:getCDNConfig",
      "live:domain:getCertificates",
      "live:domain:getDomains",
      "live:domain:updateCDNConfig",
      "scm:cert:get",
      "scm:cert:list",
    ]);
    expect(granted("tencent-purchases.json")).toEqual(["ssl:CreateCertificate"]);
    expect(granted("tencent-all.json")).toEqual(
      expect.arrayContaining(["ssl:DescribeCertificates", "teo:ModifyHostsCertificate"]),
    );
  });

  it("grant no change and no key to who only reads", () => {
    const changing = allOperations.filter(({ effect }) => effect !== "read").map(({ name }) => name);
    const readOnly = ["tencent-read-only.json", "alibaba-read-only.json", "huawei-read-only.json"];
    const reads = readOnly.flatMap(granted).map((action) => action.split(":").at(-1));
    expect(reads.filter((name) => [...changing, "updateCDNConfig"].includes(name ?? ""))).toEqual([]);
    expect(reads).toHaveLength(allOperations.length - changing.length);
  });

  it("grant whole jobs what they use, and no other change", () => {
    const inJobs = new Set(ownTools.flatMap(({ uses = [] }) => uses.map(({ name }) => name)));
    const used = allOperations.filter(({ name, effect }) => effect !== "read" && inJobs.has(name));
    const given = ["tencent-jobs.json", "alibaba-all.json", "huawei-all.json"].flatMap(granted);
    const reads = ["tencent-read-only.json", "alibaba-read-only.json", "huawei-read-only.json"].flatMap(granted);
    // Policies of Alibaba Cloud and Huawei Cloud have no part for jobs alone.
    const besideJobs = ["yundun-cert:UploadUserCertificate"];
    const changes = given.filter((action) => !reads.includes(action) && !besideJobs.includes(action));
    expect(given).toEqual(expect.arrayContaining(besideJobs));
    expect(changes).toHaveLength(used.length);
    expect(changes.map((action) => action.split(":").at(-1))).toEqual(
      expect.arrayContaining(used.map(({ name, permission }) => permission?.split(":").at(-1) ?? name)),
    );
  });
});
