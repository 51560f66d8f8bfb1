import { describe, expect, it } from "vitest";
import { proxyFrom } from "../../src/cloud/proxy.js";

const refusal = (address: string) => {
  try {
    proxyFrom({ HTTPS_PROXY: address });
  } catch (error) {
    return String(error);
  }
  return "taken";
};

describe("an address of a proxy that is none", () => {
  it.each([
    ["127.0.0.1:7890", "write http://127.0.0.1:7890"],
    ["localhost:7890", "write http://localhost:7890"],
    ["proxy.example.com:8080/", "write http://proxy.example.com:8080"],
    ["socks5://127.0.0.1:1080", "SOCKS is not supported: name the HTTP port"],
    ["socks5h://user:secretword@proxy:1080", "SOCKS is not supported"],
  ])("is refused with what to write: %s", (address, next) => {
    expect(refusal(address)).toContain(next);
  });

  it.each([
    "user:secretword@proxy:80",
    "ftp://user:secretword@proxy:21",
    "ftp://proxy:21",
    "http://a:%zz@secretword:1",
  ])("is not repeated where it may hold a password: %s", (address) => {
    expect(refusal(address)).toMatch(/is not the address of a proxy, http:\/\/HOST:PORT or https:\/\/HOST:PORT$/);
  });

  it("and one that is one is taken", () => expect(refusal("http://user:secretword@proxy:80")).toBe("taken"));
});
