import { describe, expect, it } from "vitest";
import { environmentOf } from "../../src/approval/destination.js";
import { isJob, thisComputerService } from "../../src/pipeline/tool.js";
import { proposeStandingApproval } from "../../src/tools/propose-standing-approval.js";

describe("the environment of a plan", () => {
  const real = { sandbox: false, site: "intl", endpoint: {} } as const;

  it("of a standing approval is what it lets calls reach, not this computer, where it is kept", () => {
    if (isJob(proposeStandingApproval) || proposeStandingApproval.effect === "read") throw new Error("it is a change");
    const call = {
      operation: proposeStandingApproval,
      params: { services: ["alibaba-cdn"], grants: ["key_to_other_cloud"] },
    };
    const environment = (given: Parameters<typeof environmentOf>[1]) => String(environmentOf(call, given));
    expect(environment(real)).toBe("the real account, Tencent Cloud's international site");
    expect(environment({ ...real, sandbox: true })).toBe("sandbox, no real account is touched");
    expect(environment({ ...real, endpoint: { "alibaba-cdn": new URL("http://127.0.0.1:4000") } })).toBe(
      "endpoints that the operator set: this computer in place of Alibaba Cloud CDN",
    );
    const { letsThrough: _, ...local } = { ...proposeStandingApproval, service: thisComputerService };
    expect(String(environmentOf({ ...call, operation: local }, real))).toBe("this computer");
  });
});
