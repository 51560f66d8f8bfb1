import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { ReadOperation } from "../../../src/catalogue/operation.js";
import type { JsonObject } from "../../../src/lib/json.js";
import { ToolError } from "../../../src/lib/tool-error.js";
import { isJob, type ToolContext } from "../../../src/pipeline/tool.js";
import { findCertificates } from "../../../src/tools/find-certificates.js";
import { domainReads } from "../../../src/tools/inventory/domains.js";
import { runs } from "../../support/width.js";
import { Station } from "../support.js";

/**
 * One read of the inventory that answers badly, the others as ever: the reply says what was not seen, shows the rest, and
 * calls nothing absent that was only unseen.
 */

const found = z.object({
  counts: z.record(z.unknown()),
  certificates: z.array(z.unknown()),
  incomplete: z.array(z.string()).default([]),
  domains: z.array(
    z.object({
      domain: z.string(),
      service: z.string(),
      https: z.string(),
      certificates: z.array(z.unknown()).optional(),
    }),
  ),
});
type Found = z.output<typeof found>;

let station: Station;
let whole: Found;
beforeAll(async () => {
  station = await Station.open({ domains: runs(3, 20) });
  whole = await find(() => undefined);
});
afterAll(() => station.close());

type Fault = (reply: JsonObject, operation: ReadOperation) => JsonObject | undefined;

/** @param spoil gets each reply, and gives another in its place */
async function find(spoil: Fault, only?: ReadOperation): Promise<Found> {
  const { context } = station;
  const read: ToolContext["read"] = async (operation, params, within) => {
    const reply = await context.read(operation, params, within);
    return only === undefined || operation.name === only.name ? (spoil(reply, operation) ?? reply) : reply;
  };
  const readSince: ToolContext["readSince"] = async (_, operation, params, within) => ({
    reply: await read(operation, params, within),
    readAt: 0,
  });
  if (isJob(findCertificates)) throw new Error("find_certificates is a job");
  const args = findCertificates.params.parse({ limit: 100 });
  return found.parse(await findCertificates.run(args, { ...context, read, readSince }));
}

const fails = (details: Partial<ToolError["details"]>) => () => {
  throw new ToolError({ kind: "cloud", happened: "It failed.", changed: "no", next: "Stop.", ...details });
};

/** The same reply with every list replaced, at any depth. */
function withLists(value: unknown, change: (list: readonly unknown[]) => unknown): unknown {
  if (Array.isArray(value)) return change(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withLists(each, change)]));
}

const totals = ["TotalCount", "total"];
const counting = (reply: JsonObject, more: number) =>
  Object.fromEntries(
    Object.entries(reply).map(([name, value]) => [
      name,
      totals.includes(name) && typeof value === "number" ? value + more : value,
    ]),
  );
const objectIn = (value: unknown): JsonObject => z.record(z.unknown()).parse(value);

const faults: Readonly<Record<string, { readonly spoil: Fault; readonly says: boolean }>> = {
  "denied by the key's rights": {
    spoil: fails({ code: "Forbidden.RAM", happened: "The key may not read this." }),
    says: true,
  },
  "no answer in time": { spoil: fails({ sent: true, happened: "It did not answer within 15 s." }), says: true },
  "an undocumented form": {
    spoil: () => ({
      Zones: "none",
      Domains: 7,
      CertInfos: [],
      domain_info: {},
      certificates_info: 1,
      AccelerationDomains: {},
    }),
    says: true,
  },
  "fewer rows than it counts": { spoil: (reply) => counting(reply, 7), says: true },
  "half of the rows": {
    spoil: (reply) => objectIn(withLists(reply, (list) => list.slice(0, Math.floor(list.length / 2)))),
    says: true,
  },
  "null in place of lists": { spoil: (reply) => objectIn(withLists(reply, () => null)), says: true },
};

const hasTotal = (name: string) => !/CertificateInfo$|^ShowDomain$/.test(name) || name === "ShowCertificateInfo";

/** Numbers as text, and lists of texts as one text. */
function asTexts(value: unknown): unknown {
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) {
    const isTexts = value.length > 0 && value.every((each) => typeof each === "string");
    return isTexts ? value.join(",") : value.map(asTexts);
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, asTexts(each)]));
}

it("numbers and lists that are written as text are read as what they mean", async () => {
  expect(whole.certificates).not.toEqual([]);
  expect(await find((reply) => objectIn(asTexts(reply)))).toEqual(whole);
});

describe.each(domainReads.map((operation) => [operation.name, operation] as const))("%s", (name, operation) => {
  it.each(Object.entries(faults))("%s", async (what, { spoil, says }) => {
    const told = await find(spoil, operation);
    const { title, id } = operation.service;
    const complaint = told.incomplete.filter((line) => line.includes(title));
    const counts = ["fewer rows than it counts", "half of the rows", "null in place of lists"].includes(what);
    if (says && (!counts || hasTotal(name))) expect(complaint, `${name}: ${told.incomplete}`).not.toEqual([]);
    // The other services are as they were.
    expect(told.incomplete.filter((line) => !line.includes(title))).toEqual([]);
    const others = (reply: Found) => reply.domains.filter(({ service }) => service !== id).map(({ domain }) => domain);
    expect(others(told)).toEqual(others(whole));
    // A domain that is shown is shown as it is, or as one whose certificate is not known; HTTPS is never said to be off.
    for (const row of told.domains) {
      const before = whole.domains.find(({ domain, service }) => domain === row.domain && service === row.service);
      if (before?.https === "on") expect([row.domain, row.https]).not.toEqual([row.domain, "off"]);
    }
  });
});
