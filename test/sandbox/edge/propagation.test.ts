import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SandboxClock } from "../../../src/sandbox/clock.js";
import { edgeAddresses, History, propagationStep } from "../../../src/sandbox/edge/propagation.js";
import { deployInterval, deployTime } from "../../../src/sandbox/tencent-ssl/timing.js";
import { EdgeFixture } from "./fixture.js";

let fixture: EdgeFixture;
let old: string;
beforeEach(async () => {
  fixture = await EdgeFixture.open();
  old = fixture.seeded("storefront").fingerprint;
});
afterEach(() => fixture.sandbox.close());

const img = "img.example.com";
const www = "www.example.com";

describe("a change", () => {
  it("reaches one address after the other", async () => {
    const next = await fixture.issue([img]);
    await fixture.alibabaUpload("Cdn", img, next);
    expect(await fixture.served(img)).toEqual([old, old, old]);
    fixture.wait(propagationStep - 1);
    expect(await fixture.served(img)).toEqual([old, old, old]);
    fixture.wait(1);
    expect(await fixture.served(img)).toEqual([next.fingerprint, old, old]);
    fixture.step();
    expect(await fixture.served(img)).toEqual([next.fingerprint, next.fingerprint, old]);
    fixture.step();
    expect(await fixture.served(img)).toEqual([next.fingerprint, next.fingerprint, next.fingerprint]);
  });

  it("follows the one before it, so that three certificates can be met at once", async () => {
    const [first, second] = [await fixture.issue([img]), await fixture.issue([img])];
    await fixture.alibabaUpload("Cdn", img, first);
    fixture.step();
    await fixture.alibabaUpload("Cdn", img, second);
    fixture.step();
    expect(await fixture.served(img)).toEqual([second.fingerprint, first.fingerprint, old]);
    fixture.step(2);
    expect(await fixture.served(img)).toEqual([second.fingerprint, second.fingerprint, second.fingerprint]);
  });

  it("that is taken back at once is overtaken nowhere", async () => {
    const next = await fixture.issue([img]);
    await fixture.alibabaUpload("Cdn", img, next);
    fixture.wait(propagationStep / 2);
    await fixture.alibaba("Cdn", { DomainName: img, SSLProtocol: "on", CertType: "cas", CertName: "img-example-com" });
    fixture.wait(propagationStep / 2);
    expect(await fixture.served(img)).toEqual([next.fingerprint, old, old]);
    fixture.wait(propagationStep / 2);
    expect(await fixture.served(img)).toEqual([old, old, old]);
    fixture.wait(propagationStep / 2);
    expect(await fixture.served(img)).toEqual([old, next.fingerprint, old]);
    fixture.settleDown();
    expect(await fixture.served(img)).toEqual([old, old, old]);
  });

  it("propagates likewise when it takes HTTPS away or brings it", async () => {
    await fixture.alibaba("Vod", { DomainName: "vod.example.com", SSLProtocol: "off" });
    fixture.step(2);
    expect(await fixture.served("vod.example.com")).toEqual([undefined, undefined, old]);
    fixture.step();
    await fixture.edgeone("sslcert", [fixture.seeded("storefront").id], "shop.example.com");
    fixture.step();
    expect(await fixture.served("vod.example.com")).toEqual([undefined, undefined, undefined]);
    expect(await fixture.served("shop.example.com")).toEqual([old, undefined, undefined]);
  });

  it("that changes no certificate propagates nothing", async () => {
    const next = await fixture.issue([www]);
    const id = await fixture.upload(next);
    await fixture.edgeone("sslcert", [id]);
    fixture.step();
    await fixture.edgeone("sslcert", [id]);
    fixture.step();
    expect(await fixture.served(www)).toEqual([next.fingerprint, next.fingerprint, old]);
  });

  it("leaves other domains alone", async () => {
    await fixture.alibabaUpload("Cdn", img, await fixture.issue([img]));
    fixture.settleDown();
    expect(await fixture.served("vod.example.com")).toEqual([old, old, old]);
  });

  it("that is refused is none", async () => {
    await expect(fixture.alibabaUpload("Cdn", img, await fixture.issue(["other.example.com"]))).rejects.toThrow(
      "refused",
    );
    fixture.settleDown();
    expect(await fixture.served(img)).toEqual([old, old, old]);
  });

  it("counts as deployed at EdgeOne when the last address has it", async () => {
    const state = async () =>
      JSON.parse(await (await fetch(`${fixture.sandbox.control}/state`)).text()).zones[0].hosts[0].status;
    const next = fixture.seeded("storefront, next");
    await fixture.edgeone("sslcert", [next.id]);
    fixture.step(2);
    expect(await fixture.served(www)).toEqual([next.fingerprint, next.fingerprint, old]);
    expect(await state()).toBe("processing");
    fixture.step();
    expect(await fixture.served(www)).toEqual([next.fingerprint, next.fingerprint, next.fingerprint]);
    expect(await state()).toBe("deployed");
  });
});

describe("a one-click update that nobody asks about", () => {
  it("propagates from when each resource was done, and so does its rollback", async () => {
    const next = fixture.seeded("storefront, next");
    const id = await fixture.oneClickUpdate(fixture.seeded("storefront").id, next.id);
    expect(await fixture.served(www)).toEqual([old, old, old]);
    // Two rules and a listener of load balancers come first, then static.example.com, then www.example.com.
    fixture.wait(4 * deployInterval + deployTime + propagationStep);
    expect(await fixture.served("static.example.com")).toEqual([next.fingerprint, old, old]);
    expect(await fixture.served(www)).toEqual([old, old, old]);
    fixture.wait(deployInterval);
    expect(await fixture.served(www)).toEqual([next.fingerprint, old, old]);
    fixture.settleDown();
    expect(await fixture.served(www)).toEqual([next.fingerprint, next.fingerprint, next.fingerprint]);

    await fixture.tencent("UpdateCertificateRecordRollback", { DeployRecordId: id });
    fixture.wait(5 * deployInterval + deployTime + 2 * propagationStep);
    expect(await fixture.served(www)).toEqual([old, old, next.fingerprint]);
    fixture.step();
    expect(await fixture.served(www)).toEqual([old, old, old]);
  });

  it("is not lost when another change follows before anybody looks", async () => {
    const next = fixture.seeded("storefront, next");
    const other = await fixture.issue([www]);
    const otherId = await fixture.upload(other);
    await fixture.oneClickUpdate(fixture.seeded("storefront").id, next.id);
    const done = 5 * deployInterval + deployTime;
    fixture.wait(done + propagationStep);
    await fixture.edgeone("sslcert", [otherId]);
    fixture.wait(propagationStep - 1);
    expect(await fixture.served(www)).toEqual([next.fingerprint, old, old]);
    fixture.wait(1);
    expect(await fixture.served(www)).toEqual([other.fingerprint, next.fingerprint, old]);
  });
});

describe("the sandbox's speed", () => {
  it("shortens propagation as it does all waiting", async () => {
    const fast = await EdgeFixture.open(60);
    const next = await fast.issue([img]);
    const before = fast.seeded("storefront").fingerprint;
    await fast.alibabaUpload("Cdn", img, next);
    fast.wait(propagationStep / 60 - 1);
    expect(await fast.served(img)).toEqual([before, before, before]);
    fast.wait(2);
    expect(await fast.served(img)).toEqual([next.fingerprint, before, before]);
    await fast.sandbox.close();
  });
});

const pairsOf = (name: string) => (name === "" ? [] : [{ certificatePem: name, privateKeyPem: `key of ${name}` }]);
const places = Array.from({ length: edgeAddresses }, (_, place) => place);

describe("the history of a domain", () => {
  it("gives each address what was told a step, two steps, three steps ago", () => {
    const told = fc.record({ after: fc.integer({ min: 0, max: 90_000 }), name: fc.constantFrom("", "a", "b", "c") });
    fc.assert(
      fc.property(fc.array(told, { maxLength: 40 }), fc.integer({ min: 0, max: 90_000 }), (changes, wait) => {
        const time = { now: 0 };
        const clock = new SandboxClock(() => time.now);
        const history = new History();
        const log: { readonly at: number; readonly name: string }[] = [];
        for (const { after, name } of changes) {
          time.now += after;
          history.record(pairsOf(name), clock.now(), propagationStep, clock);
          log.push({ at: time.now, name });
        }
        time.now += wait;
        const expected = places.map((place) => {
          const then = time.now - (place + 1) * propagationStep;
          return pairsOf(log.findLast(({ at }) => at <= then)?.name ?? "");
        });
        expect(places.map((place) => history.servedAt(place, clock))).toEqual(expected);
      }),
    );
  });

  it("forgets the oldest of very many changes, and still ends with the last", () => {
    const time = { now: 0 };
    const clock = new SandboxClock(() => time.now);
    const history = new History();
    for (let count = 0; count < 1000; count++)
      history.record(pairsOf(`certificate ${count}`), clock.now(), propagationStep, clock);
    expect(JSON.stringify(places.map((place) => history.servedAt(place, clock)))).toBe("[[],[],[]]");
    time.now += edgeAddresses * propagationStep;
    expect(places.map((place) => history.servedAt(place, clock))).toEqual(places.map(() => pairsOf("certificate 999")));
  });
});
