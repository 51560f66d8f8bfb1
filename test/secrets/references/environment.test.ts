import { describe, expect, it } from "vitest";
import { environmentSource } from "../../../src/secrets/references/environment.js";
import { failureOf } from "./support.js";

const variables = { CLOUDKEY_PEM: "pem text", CLOUDKEY_EMPTY: "", TENCENTCLOUD_SECRET_KEY: "not for you" };

describe("Environment", () => {
  it("reads a variable with the operator's prefix", () => {
    expect(environmentSource("CLOUDKEY_", variables).read("CLOUDKEY_PEM")).toBe("pem text");
  });

  it("refuses the program's own variables, whatever the prefix", async () => {
    const own = new Set(["TENCENTCLOUD_SECRET_KEY"]);
    const { kind, happened, next } = await failureOf(() =>
      environmentSource("TENCENTCLOUD_", variables, { own }).read("TENCENTCLOUD_SECRET_KEY"),
    );
    expect(kind).toBe("input");
    expect(happened).toContain("holds a setting or a credential of this server");
    expect(happened + next).not.toContain("not for you");
  });

  it.each([
    ["CLOUDKEY_", "TENCENTCLOUD_SECRET_KEY", "may not be read"],
    ["CLOUDKEY_", "CLOUDKEY_OTHER", "not set"],
    ["CLOUDKEY_", "CLOUDKEY_EMPTY", "empty"],
    ["__", "__proto__", "not set"],
    [undefined, "CLOUDKEY_PEM", "has not chosen a prefix"],
    ["", "CLOUDKEY_PEM", "has not chosen a prefix"],
  ])("with the prefix %s refuses %s", async (prefix, name, why) => {
    const { kind, happened } = await failureOf(() => environmentSource(prefix, variables).read(name));
    expect(kind).toBe("input");
    expect(happened).toContain(why);
    expect(happened).not.toContain("not for you");
  });
});
