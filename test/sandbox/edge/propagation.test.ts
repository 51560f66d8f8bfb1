import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deployInterval, deployTime, propagationStep } from "../../../src/sandbox/tencent-ssl/timing.js";
import { Rig } from "./rig.js";

let rig: Rig;
let old: string;
beforeEach(async () => {
  rig = await Rig.open();
  old = rig.seeded("storefront").fingerprint;
});
afterEach(() => rig.sandbox.close());

const img = "img.example.com";
const www = "www.example.com";

describe("a change", () => {
  it("reaches one address after the other", async () => {
    const next = await rig.issue([img]);
    await rig.alibabaUpload("Cdn", img, next);
    expect(await rig.served(img)).toEqual([old, old, old]);
    rig.wait(propagationStep - 1);
    expect(await rig.served(img)).toEqual([old, old, old]);
    rig.wait(1);
    expect(await rig.served(img)).toEqual([next.fingerprint, old, old]);
    rig.step();
    expect(await rig.served(img)).toEqual([next.fingerprint, next.fingerprint, old]);
    rig.step();
    expect(await rig.served(img)).toEqual([next.fingerprint, next.fingerprint, next.fingerprint]);
  });

  it("follows the one before it, so that three certificates can be met at once", async () => {
    const [first, second] = [await rig.issue([img]), await rig.issue([img])];
    await rig.alibabaUpload("Cdn", img, first);
    rig.step();
    await rig.alibabaUpload("Cdn", img, second);
    rig.step();
    expect(await rig.served(img)).toEqual([second.fingerprint, first.fingerprint, old]);
    rig.step(2);
    expect(await rig.served(img)).toEqual([second.fingerprint, second.fingerprint, second.fingerprint]);
  });

  it("that is taken back at once is overtaken nowhere", async () => {
    const next = await rig.issue([img]);
    await rig.alibabaUpload("Cdn", img, next);
    rig.wait(propagationStep / 2);
    await rig.alibaba("Cdn", { DomainName: img, SSLProtocol: "on", CertType: "cas", CertName: "img-example-com" });
    rig.wait(propagationStep / 2);
    expect(await rig.served(img)).toEqual([next.fingerprint, old, old]);
    rig.wait(propagationStep / 2);
    expect(await rig.served(img)).toEqual([old, old, old]);
    rig.wait(propagationStep / 2);
    expect(await rig.served(img)).toEqual([old, next.fingerprint, old]);
    rig.settleDown();
    expect(await rig.served(img)).toEqual([old, old, old]);
  });

  it("propagates likewise when it takes HTTPS away or brings it", async () => {
    await rig.alibaba("Vod", { DomainName: "vod.example.com", SSLProtocol: "off" });
    rig.step(2);
    expect(await rig.served("vod.example.com")).toEqual([undefined, undefined, old]);
    rig.step();
    await rig.edgeone("sslcert", [rig.seeded("storefront").id], "shop.example.com");
    rig.step();
    expect(await rig.served("vod.example.com")).toEqual([undefined, undefined, undefined]);
    expect(await rig.served("shop.example.com")).toEqual([old, undefined, undefined]);
  });

  it("that changes no certificate propagates nothing", async () => {
    const next = await rig.issue([www]);
    const id = await rig.upload(next);
    await rig.edgeone("sslcert", [id]);
    rig.step();
    await rig.edgeone("sslcert", [id]);
    rig.step();
    expect(await rig.served(www)).toEqual([next.fingerprint, next.fingerprint, old]);
  });

  it("leaves other domains alone", async () => {
    await rig.alibabaUpload("Cdn", img, await rig.issue([img]));
    rig.settleDown();
    expect(await rig.served("vod.example.com")).toEqual([old, old, old]);
  });

  it("that is refused is none", async () => {
    await expect(rig.alibabaUpload("Cdn", img, await rig.issue(["other.example.com"]))).rejects.toThrow("refused");
    rig.settleDown();
    expect(await rig.served(img)).toEqual([old, old, old]);
  });

  it("counts as deployed at EdgeOne when the last address has it", async () => {
    const state = async () =>
      JSON.parse(await (await fetch(`${rig.sandbox.control}/state`)).text()).zones[0].hosts[0].status;
    const next = rig.seeded("storefront, next");
    await rig.edgeone("sslcert", [next.id]);
    rig.step(2);
    expect(await rig.served(www)).toEqual([next.fingerprint, next.fingerprint, old]);
    expect(await state()).toBe("processing");
    rig.step();
    expect(await rig.served(www)).toEqual([next.fingerprint, next.fingerprint, next.fingerprint]);
    expect(await state()).toBe("deployed");
  });
});

describe("a one-click update that nobody asks about", () => {
  it("propagates from when each resource was done, and so does its rollback", async () => {
    const next = rig.seeded("storefront, next");
    const id = await rig.oneClickUpdate(rig.seeded("storefront").id, next.id);
    expect(await rig.served(www)).toEqual([old, old, old]);
    // Two rules and a listener of load balancers come first, then static.example.com, then www.example.com.
    rig.wait(4 * deployInterval + deployTime + propagationStep);
    expect(await rig.served("static.example.com")).toEqual([next.fingerprint, old, old]);
    expect(await rig.served(www)).toEqual([old, old, old]);
    rig.wait(deployInterval);
    expect(await rig.served(www)).toEqual([next.fingerprint, old, old]);
    rig.settleDown();
    expect(await rig.served(www)).toEqual([next.fingerprint, next.fingerprint, next.fingerprint]);

    await rig.tencent("UpdateCertificateRecordRollback", { DeployRecordId: id });
    rig.wait(5 * deployInterval + deployTime + 2 * propagationStep);
    expect(await rig.served(www)).toEqual([old, old, next.fingerprint]);
    rig.step();
    expect(await rig.served(www)).toEqual([old, old, old]);
  });

  it("is not lost when another change follows before anybody looks", async () => {
    const next = rig.seeded("storefront, next");
    const other = await rig.issue([www]);
    const otherId = await rig.upload(other);
    await rig.oneClickUpdate(rig.seeded("storefront").id, next.id);
    const done = 5 * deployInterval + deployTime;
    rig.wait(done + propagationStep);
    await rig.edgeone("sslcert", [otherId]);
    rig.wait(propagationStep - 1);
    expect(await rig.served(www)).toEqual([next.fingerprint, old, old]);
    rig.wait(1);
    expect(await rig.served(www)).toEqual([other.fingerprint, next.fingerprint, old]);
  });
});

describe("the sandbox's speed", () => {
  it("shortens propagation as it does all waiting", async () => {
    const fast = await Rig.open(60);
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
