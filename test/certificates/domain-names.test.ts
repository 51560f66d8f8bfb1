import { describe, expect, it } from "vitest";
import { toAscii, uncovered } from "../../src/certificates/domain-names.js";

describe("names cover domains", () => {
  it.each([
    ["www.example.com", "www.example.com"],
    ["WWW.Example.COM", "www.example.com."],
    ["*.example.com", "www.example.com"],
    ["*.example.com", "*.example.com"],
    ["*.example.com", ".example.com"],
    ["xn--fsqu00a.example.com", "例子.example.com"],
    ["*.xn--fiqs8s", "例子.中国"],
    ["192.0.2.7", "192.0.2.7"],
    ["2001:db8::7", "2001:DB8::7"],
  ])("%s covers %s", (name, domain) => expect(uncovered([name], [domain])).toEqual([]));

  it.each([
    ["*.example.com", "example.com"],
    ["*.example.com", "a.b.example.com"],
    ["*.example.com", "*.a.example.com"],
    ["www.example.com", "*.example.com"],
    ["example.com", ".example.com"],
    ["*.example.com", "badexample.com"],
    ["*.0.2.7", "192.0.2.7"],
    ["f*.example.com", "foo.example.com"],
    ["*.example.com", ""],
    ["", "example.com"],
  ])("%s does not cover %s", (name, domain) => expect(uncovered([name], [domain])).toEqual([domain]));

  it.each([
    "www.example.com/../evil",
    "www.example.com#x",
    "www.example.com\\x",
    "www.example.com\n",
    "www.example.com%00",
    "user@www.example.com",
    "www.example.com:443",
    " www.example.com",
    "www\uff0eexample.com",
    "www.exam\u00adple.com",
  ])("nothing covers %j, of which a URL parser would leave www.example.com", (domain) =>
    expect(uncovered(["www.example.com"], [domain])).toEqual([domain]),
  );

  it("tells which", () => {
    const names = ["*.example.com", "example.com"];
    expect(uncovered(names, ["example.com", "a.b.example.com", "www.example.com", "example.org"])).toEqual([
      "a.b.example.com",
      "example.org",
    ]);
  });

  it("writes names as DNS has them", () => expect(toAscii(".Bücher.example")).toBe("*.xn--bcher-kva.example"));
});
