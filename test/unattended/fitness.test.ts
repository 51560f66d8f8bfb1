import { afterAll, beforeAll, expect, it } from "vitest";
import type { JsonObject } from "../../src/lib/json.js";
import { fitnessOf } from "../../src/unattended/renewal/fitness.js";
import { Station } from "../tools/support.js";

let station: Station;
beforeAll(async () => {
  station = await Station.open();
});
afterAll(() => station.close());

it("looks into every stored certificate, however many there are, and reads each once", async () => {
  const { context } = station;
  let reply: Promise<JsonObject> | undefined;
  let reads = 0;
  const read: typeof context.read = (operation) => {
    reads += 1;
    reply ??= context.read(operation, { CertificateId: station.certificate("storefront") });
    return reply;
  };
  const many = Array.from({ length: 350 }, (_, index) => ({ id: `stored${index}` }));
  const seen = await fitnessOf([...many, ...many.slice(0, 10)], { ...context, read });
  expect(Object.keys(seen)).toEqual(many.map(({ id }) => id));
  expect(reads).toBe(350);
});
