import { afterAll, describe, expect, it } from "vitest";
import { servedReport } from "../../src/tools/served-report.js";
import { presented, Servers } from "../tls-check/servers.js";
import { asLook, domain, lookAt, material } from "../tls-check/support.js";

const { authority, upper, middle } = material;
const servers = new Servers();
afterAll(() => servers.close());

const ending = await authority.issue({ name: "Ending CA", ca: true, by: upper, to: authority.inDays(20) });
const early = await servers.tls(presented(await authority.issue({ name: domain, by: ending }), ending, upper));
const whole = await servers.tls(presented(material.now, middle, upper));

describe("what to do about a chain that ends before its leaf", () => {
  const adviceOn = async (running: typeof early, day: number) => {
    const today = authority.inDays(day);
    const tlsReport = asLook(await lookAt(running, { now: () => today }));
    return servedReport(tlsReport, undefined, today).next;
  };

  it("is told before that day", async () => {
    expect(await adviceOn(early, 0)).toMatch(/^Its chain ends before the certificate .* before that day, or renew it/);
  });

  it("is told after that day as what clients refuse now", async () => {
    expect(await adviceOn(early, 21)).toMatch(
      /^Its chain has ended \(chain_ends\): clients refuse it now; deploy it again/,
    );
  });

  it("is not told of a leaf that has expired itself, nor of a chain that lasts", async () => {
    expect(await adviceOn(early, 91)).toBeUndefined();
    expect(await adviceOn(whole, 0)).toBeUndefined();
  });
});
