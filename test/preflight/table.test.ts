import { afterAll, describe, expect, it } from "vitest";
import { explainError } from "../../src/catalogue/errors/index.js";
import { preflight } from "../../src/preflight/index.js";
import { Cloud, operationNamed } from "./cloud.js";
import { makeMaterial } from "./material.js";
import type { Expected, Row } from "./row.js";
import { alibabaRows, huaweiRows } from "./rows-delivery.js";
import { csrRows, edgeoneRows, letterRows, updateRows } from "./rows-other.js";
import { badUploads, doubtfulUploads, goodUploads, opensslUploads, otherwiseEncryptedUploads } from "./rows-upload.js";

/** A whole second, which is what certificates count in, and later than anything that openssl is about to date. */
const now = new Date(Math.ceil(Date.now() / 1000) * 1000 + 60_000);
const [material, cloud] = await Promise.all([makeMaterial(now), Cloud.open(now)]);
afterAll(() => cloud.close());
/** As if browsers trusted them: whether they do is the subject of inspect.test.ts. */
const roots = [material.ca.root.pem];

const rows: readonly Row[] = [
  ...goodUploads(material),
  ...badUploads(material),
  ...doubtfulUploads(material),
  ...opensslUploads(material),
  ...otherwiseEncryptedUploads(material),
  ...alibabaRows(material, await material.leaf()),
  ...huaweiRows(material),
  ...letterRows(cloud),
  ...(await csrRows(material, cloud)),
  ...edgeoneRows(cloud),
  ...updateRows(material, cloud),
];

const named = rows.map((row) => [`${row.operation}: ${row.about}`, row] as const);
const parsed = ({ operation, params }: Row): Readonly<Record<string, unknown>> =>
  operationNamed(operation).params.parse(params);

it("knows at least 60 inputs", () => expect(rows.length).toBeGreaterThanOrEqual(60));

describe("what is found in a call", () => {
  it.each(named)("%s", (_, row) => {
    const found = preflight(operationNamed(row.operation), parsed(row), now, roots);
    const told = found.map(({ next, severity, says, ...rest }) => ({ ...rest, says: String(says) }));
    expect(told).toEqual(row.finds.map(asFinding));
  });
});

/** What makes clients refuse a certificate; without a stapled response only some do, if the edge staples none. */
const refusal =
  /^(?!The CSR).*(?:no client|(?:clients|browsers|they|Edge|TLS 1\.3) (?:refuse|do not accept)\b|RSA needs|lacks serverAuth)/;

describe("a warning that clients refuse the certificate", () => {
  const warnings = rows.flatMap((row) =>
    preflight(operationNamed(row.operation), parsed(row), now, roots).filter(({ level }) => level === "warning"),
  );
  const refused = new Map(warnings.map((each) => [String(each.says), each] as const));
  it.each([...refused].filter(([says]) => refusal.test(says)))("is an outage: %s", (_, found) => {
    expect(found.severity).toBe("outage");
  });
});

describe("past preflight, the cloud answers with the code that was named", () => {
  const sent = named.filter(([, { unsent }]) => unsent === undefined);
  it.each(sent)("%s", async (_, row) => {
    const codes = row.finds.flatMap(({ prevents }) => prevents ?? []);
    expect(codes.length, "one error a row, so that it is the one that is answered").toBeLessThanOrEqual(1);
    expect(await cloud.answer(operationNamed(row.operation), parsed(row))).toBe(codes[0] ?? "done");
  });
});

describe("a code that is named", () => {
  const codes = new Set(
    rows.flatMap(({ operation, finds }) => finds.map(({ prevents }) => `${operation} ${prevents}`)),
  );
  it.each([...codes].filter((entry) => !entry.endsWith("undefined")))("%s is documented", (entry) => {
    const [operation = "", code = ""] = entry.split(" ");
    expect(explainError(operationNamed(operation).service, code)?.means).toBeTypeOf("string");
  });
});

function asFinding({ says, ...rest }: Expected) {
  return { ...rest, says: expect.stringMatching(says) };
}
