import { afterEach, describe, expect, it } from "vitest";
import { Journal } from "../../src/jobs/journal.js";
import { account, at } from "../jobs/support.js";
import { postgresBin, usePostgres } from "../support/postgres.js";
import { kinds, placeIn, type StatePlace, standingApprovalsOf, termsFor } from "./support.js";

const postgres = postgresBin === undefined ? undefined : usePostgres();
const server = () => {
  if (postgres === undefined) throw new Error("there is none");
  return postgres();
};

let place: StatePlace | undefined;
afterEach(async () => {
  await place?.close();
  place = undefined;
});

const given: Parameters<Journal["open"]>[0] = {
  kind: "deployment",
  key: "a".repeat(64),
  certificate: { sha256: "b".repeat(64), names: ["a.example.com"], notAfter: at(90), source: {} },
  targets: [{ id: "cdn a", service: "alibaba-cdn", account, name: "CDN domain a", state: "pending" }],
};

/** The second account, and whoever has no name, find nothing of the first: not even that somebody works on a job. */
describe.each(kinds)("what named accounts remember in %s", (kind) => {
  it("of jobs is each one's own, with who works on what", async () => {
    place = await placeIn(kind, server);
    const state = await place.open();
    const folder = place.folder;
    const [shop, blog, unnamed] = ["shop", "blog", undefined].map(
      (name) => new Journal(state.jobsIn(folder, name), () => new Date()),
    );
    if (shop === undefined || blog === undefined || unnamed === undefined) throw new Error("none");
    const { id } = await shop.open(given);
    expect((await shop.list()).map((job) => job.id)).toEqual([id]);
    expect([await blog.list(), await unnamed.list()]).toEqual([[], []]);
    expect(await blog.find(id)).toBeUndefined();
    const done = await shop.exclusively("renewal", () => blog.exclusively("renewal", async () => "both"));
    expect(done).toBe("both");
  });

  it("of standing approvals is each one's own", async () => {
    place = await placeIn(kind, server);
    const state = await place.open();
    const of = (name?: string) => standingApprovalsOf({ ...state, termsOf: () => state.termsOf(name) });
    await of("shop").give(termsFor(3), "plan-0");
    expect((await of("shop").list()).map(({ state: is }) => is)).toEqual(["valid"]);
    expect([await of("blog").list(), await of().list()]).toEqual([[], []]);
  });
});
