import { describe, expect, it } from "vitest";
import { readCommandLine, readTeamConfiguration } from "../../src/config/command-line.js";

describe("a flag that is repeated", () => {
  it("has its last value in a command of its own", () => {
    const line = readCommandLine(["a", "--wait", "1", "--site", "intl", "--wait=2"], { wait: "value" });
    expect(line.flag("wait")).toBe("2");
    expect(line.each("wait")).toEqual(["1", "2"]);
    expect([line.settings("site"), line.settings("wait")]).toEqual([["intl"], undefined]);
    expect(line.positionals).toEqual(["a"]);
  });

  it("has its last value, or adds to a list, in the settings of the team's server", () => {
    const flags = ["--allowed-hosts", "a.example", "--allowed-hosts", "b.example,c.example"];
    const { team } = readTeamConfiguration([...flags, "--rate-limit", "1", "--rate-limit", "2"], {});
    expect(team.allowedHosts).toEqual(["a.example", "b.example", "c.example"]);
    expect(team.rateLimit).toBe(2);
  });
});

describe("--allowed-hosts", () => {
  it("takes what a Host header can be", () => {
    const { team } = readTeamConfiguration(["--allowed-hosts", "Certs.Example.com:8443,[::1]:80,127.0.0.1"], {});
    expect(team.allowedHosts).toEqual(["certs.example.com:8443", "[::1]:80", "127.0.0.1"]);
  });

  it.each(["https://certs.example.com", "certs.example.com/mcp", "*.example.com", "::1"])("refuses %s", (host) => {
    expect(() => readTeamConfiguration(["--allowed-hosts", host], {})).toThrow(`"${host}" is not a host`);
  });
});
