import { describe, expect, it } from "vitest";
import { z } from "zod";
import { operations } from "../../src/catalogue/index.js";
import { innermost } from "../../src/catalogue/params.js";
import { personalMembers } from "../../src/catalogue/tencent-ssl/personal-members.js";
import { timeMembers } from "../../src/catalogue/tencent-ssl/time.js";
import { takesDetail } from "../../src/reply/format-reply.js";
import { memberNames } from "../../src/reply/size.js";

/** "Certificates", "Certificates.Status", … */
function pathsIn(schema: z.ZodTypeAny, prefix = ""): string[] {
  const inner = innermost(schema);
  if (inner instanceof z.ZodArray) return pathsIn(inner.element, prefix);
  if (!(inner instanceof z.ZodObject)) return [];
  const members: [string, z.ZodTypeAny][] = Object.entries(inner.shape);
  return members.flatMap(([name, member]) => [`${prefix}${name}`, ...pathsIn(member, `${prefix}${name}.`)]);
}

const everyName = [...new Set(operations.flatMap(({ result }) => memberNames(result)))];

const known = operations.flatMap(({ name, params, result, replyFacts }) =>
  replyFacts === undefined ? [] : [{ name, params, result, ...replyFacts }],
);

it("something is known of many replies", () => expect(known.length).toBeGreaterThan(10));

describe.each(known)("what is known of the reply of $name", ({ params, result, meanings, ...facts }) => {
  const paths = pathsIn(result);

  it("is about members that it has", () => {
    expect(paths).toEqual(expect.arrayContaining(Object.keys(meanings ?? {})));
    const { summary, paging } = facts;
    if (summary && "rows" in summary) {
      expect(paths).toEqual(expect.arrayContaining(summary.keep.map((member) => `${summary.rows}.${member}`)));
    } else if (summary) {
      const names = operations.filter(takesDetail).flatMap((operation) => memberNames(operation.result));
      expect(names).toEqual(expect.arrayContaining([...summary.leaveOut]));
    }
    if (paging) {
      expect(params.shape).toHaveProperty("Offset");
      expect(paths.map((path) => path.split(".").at(-1))).toContain(paging.total);
      const rows = paging.by === "groups" ? `${paging.list}.${paging.rows}` : paging.by === "page" ? paging.list : "";
      if (rows !== "") expect(paths).toContain(rows);
      if (paging.by === "page")
        expect(Object.keys(params.shape)).toEqual(expect.arrayContaining([...(paging.narrow ?? [])]));
    }
  });
});

describe("members that are shown in a special way", () => {
  it("are members of replies", () => {
    expect(everyName).toEqual(expect.arrayContaining([...timeMembers, ...personalMembers.keys()]));
  });

  it("include every time of day", () => {
    const notOne = ["ReplaceTime", "ReplaceStartTime", "ReplaceEndTime"];
    const times = everyName.filter((name) => /(Times?|Deadline|CreatedOn|ValidFrom|ValidTo)$/.test(name));
    expect([...timeMembers]).toEqual(expect.arrayContaining(times.filter((name) => !notOne.includes(name))));
  });

  it("include everything about a person", () => {
    const personal = everyName.filter((name) =>
      /FirstName|LastName|PhoneNum|ContactNumber|Email$|Postal|OrganizationAddress/.test(name),
    );
    expect([...personalMembers.keys()].sort()).toEqual(personal.sort());
  });
});

it("no cloud has a member with an underscore, which marks ours", () => {
  expect(everyName.filter((name) => name.includes("_"))).toEqual([]);
});

it("detail is offered where it makes a difference", () => {
  expect(operations.filter(takesDetail).map(({ name }) => name)).toEqual([
    "DescribeCertificate",
    "DescribeHostUpdateRecordDetail",
    "DescribeCertificateBindResourceTaskDetail",
    "DescribeCertificateDetail",
    "DescribeCertificates",
  ]);
});
