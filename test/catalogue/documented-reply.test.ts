import { expect, it } from "vitest";
import { readReply } from "../../src/catalogue/documented-reply.js";
import { array, int, members, record, reply, rows, string, strings } from "../../src/catalogue/results.js";

const result = reply({
  Name: string(),
  Count: int(),
  Names: strings(),
  Inner: record({ Tags: array(members({ Key: string() })) }),
  Rows: rows(members({ Id: string() })),
});

it.each<[Readonly<Record<string, unknown>>, object]>([
  [{}, { Names: [], Rows: [] }],
  [
    { Name: null, Names: null, Inner: null, Rows: null },
    { Name: null, Names: [], Inner: null, Rows: [] },
  ],
  [
    { Name: 1, Count: "1", Names: "a.example.com,b.example.com; c", Inner: "b" },
    { Name: "1", Count: 1, Names: ["a.example.com", "b.example.com", "c"], Rows: [] },
  ],
  [
    { Name: true, Count: "01", Names: 1, Rows: null },
    { Names: [], Rows: [] },
  ],
  [
    { Name: 1.5, Count: "one", Names: "", Inner: { Tags: "a" } },
    { Names: [], Inner: { Tags: [] }, Rows: [] },
  ],
  [
    { Names: ["a", 1, null, "b"], Inner: { Tags: [{ Key: 1 }, "c"] } },
    { Names: ["a", "1", "b"], Inner: { Tags: [{ Key: "1" }] }, Rows: [] },
  ],
  [
    { Rows: [{ Id: 1 }, { Id: "a", More: 1 }], More: 1 },
    { Names: [], Rows: [{ Id: "1" }, { Id: "a" }] },
  ],
])("of %j, what is documented is read", (told, read) => expect(readReply({ result }, told)).toEqual(read));

it("what was read is not copied when it is read again, unless by another schema", () => {
  const read = readReply({ result }, { Name: "a", Rows: [{ Id: "b" }] });
  expect(readReply({ result }, read ?? {})).toBe(read);
  expect(readReply({ result: reply({ Name: string() }) }, read ?? {})).toEqual({ Name: "a" });
});

it.each<[Readonly<Record<string, unknown>>]>([[{ Rows: {} }], [{ Rows: [{ Id: "a" }, "b"] }], [{ Rows: [null] }]])(
  "%j could be taken for less than there is",
  (told) => expect(readReply({ result }, told)).toBeUndefined(),
);
