import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readConfiguration } from "../../src/config/command-line.js";
import { options } from "../../src/config/options.js";
import { ConfigurationError, flagOf, variableOf } from "../../src/config/read.js";

describe("readConfiguration", () => {
  it("has the documented defaults", () => {
    expect(readConfiguration([], {})).toEqual(
      Object.fromEntries(Object.entries(options).map(([name, { fallback }]) => [name, fallback])),
    );
  });

  it.each([
    ["services", "tencent-ssl,huawei-live", ["tencent-ssl", "huawei-live"]],
    ["tools", "jobs,read,Describe*", ["jobs", "read", "Describe*"]],
    ["readOnly", "true", true],
    ["site", "mainland", "mainland"],
    ["tencentRegion", "ap-singapore", "ap-singapore"],
    ["alibabaRegion", "ap-southeast-1", "ap-southeast-1"],
    ["huaweiRegion", "ap-southeast-3", "ap-southeast-3"],
    ["tencentSignature", "HmacSHA1", "HmacSHA1"],
    ["endpoint", "alibaba-cdn=http://127.0.0.1:8080", { "alibaba-cdn": new URL("http://127.0.0.1:8080") }],
    ["timeout", "2.5", 2500],
    ["approve", "page", "page"],
    ["approvalWait", "30", 30_000],
    ["tokenForDestructive", "true", true],
    ["allowPurchases", "true", true],
    ["allow", "Describe*,alibaba-cdn/*", ["Describe*", "alibaba-cdn/*"]],
    ["deny", "deletecertificate,this-computer/save_*", ["deletecertificate", "this-computer/save_*"]],
    ["auditLog", "/tmp/audit.jsonl", "/tmp/audit.jsonl"],
    ["files", "/srv/keys", ["/srv/keys"]],
    ["files", "keys", [resolve("keys")]],
    ["auditLog", "audit.jsonl", resolve("audit.jsonl")],
    ["envPrefix", "CLOUDKEY_", "CLOUDKEY_"],
    ["allowInlineSecrets", "true", true],
    ["showPersonalData", "true", true],
    ["sandbox", "1", true],
    ["sandboxSpeed", "60", 60],
    ["sandboxDomains", "500", 500],
  ] as const)("%s has a flag and a variable that mean the same", (name, text, value) => {
    const flag = options[name].form === "switch" ? [`--${flagOf(name)}`] : [`--${flagOf(name)}`, text];
    expect(readConfiguration(flag, {})[name]).toEqual(value);
    expect(readConfiguration([], { [variableOf(name)]: text })[name]).toEqual(value);
  });

  it.each([
    ["readOnly", "true", true],
    ["site", "mainland", "mainland"],
    ["approve", "page", "page"],
    ["envPrefix", "CLOUDKEY_", "CLOUDKEY_"],
    ["deny", "Delete*", ["Delete*"]],
    ["database", "env:DATABASE_URL", "env:DATABASE_URL"],
  ] as const)("%s takes a variable as Kubernetes secrets, .env files and forms leave it", (name, text, value) => {
    for (const given of [`${text}\n`, `${text}\r`, ` ${text} `, `\ufeff${text}`]) {
      expect(readConfiguration([], { [variableOf(name)]: given })[name]).toEqual(value);
    }
    expect(readConfiguration([], { [variableOf(name)]: " \n" })[name]).toEqual(options[name].fallback);
  });

  it("lets a flag win over its variable", () => {
    expect(readConfiguration(["--site", "intl"], { CLOUDCERT_SITE: "mainland" }).site).toBe("intl");
  });

  it.each([
    [["--site", "intl", "--site", "mainland"], "site", "mainland"],
    [["--approval-wait", "40", "--approval-wait=10"], "approvalWait", 10_000],
    [
      ["--services", "tencent-ssl", "--services", "huawei-scm,huawei-live"],
      "services",
      ["tencent-ssl", "huawei-scm", "huawei-live"],
    ],
    [["--deny", "Delete*", "--deny", "Update*,Upload*"], "deny", ["Delete*", "Update*", "Upload*"]],
  ] as const)("of %j, the last of a single value counts, and lists add up", (args, name, value) => {
    expect(readConfiguration(args, {})[name]).toEqual(value);
  });

  it("sends the second store of a service where the first goes, unless it has an address of its own", () => {
    const [one, other] = ["http://127.0.0.1:8081", "http://127.0.0.1:8082"];
    const read = (...texts: string[]) =>
      readConfiguration([], { CLOUDCERT_ENDPOINT: texts.join(",") }).endpoint["alibaba-cas-intl"]?.origin;
    expect(read(`alibaba-cas=${one}`)).toBe(one);
    expect(read(`alibaba-cas=${one}`, `alibaba-cas-intl=${other}`)).toBe(other);
    expect(read(`alibaba-cdn=${one}`)).toBeUndefined();
  });

  it("takes endpoints of this computer beside the sandbox", () => {
    const address = "http://127.0.0.1:8081";
    const { sandbox, endpoint } = readConfiguration(["--sandbox", "--endpoint", `tencent-ssl=${address}`], {});
    expect({ sandbox, at: endpoint["tencent-ssl"]?.origin }).toEqual({ sandbox: true, at: address });
  });

  it("takes several endpoints, as flags or in one variable", () => {
    const both = { "tencent-ssl": new URL("https://a.example/"), "huawei-live": new URL("https://b.example/") };
    const texts = Object.entries(both).map(([id, url]) => `${id}=${url.href}`);
    expect(
      readConfiguration(
        texts.flatMap((text) => ["--endpoint", text]),
        {},
      ).endpoint,
    ).toEqual(both);
    expect(readConfiguration([], { CLOUDCERT_ENDPOINT: texts.join(",") }).endpoint).toEqual(both);
  });

  it.each([
    [["--frobnicate"], {}, "--frobnicate"],
    [["serve"], {}, "serve"],
    [[], { CLOUDCERT_FROBNICATE: "1" }, "CLOUDCERT_FROBNICATE"],
    [["--services", "tencent-cdn"], {}, "tencent-cdn"],
    [["--site", "moon"], {}, "moon"],
    [["--timeout", "soon"], {}, "soon"],
    [["--timeout", "0"], {}, "0"],
    [["--endpoint", "tencent-ssl=http://ssl.example.com"], {}, "loopback"],
    [["--endpoint", "tencent-ssl=https://gateway.example.com/ssl"], {}, "scheme, host and port"],
    [["--endpoint", "tencent-ssl=ftp://127.0.0.1"], {}, "https"],
    [["--sandbox", "--endpoint", "tencent-ssl=https://gateway.example.com"], {}, "gateway.example.com"],
    [["--sandbox"], { CLOUDCERT_ENDPOINT: "huawei-scm=https://gateway.example.com" }, "gateway.example.com"],
    [["--deny", "DeleteCertificates"], {}, "DeleteCertificates"],
    [["--allow", "tencent-cdn/*"], {}, "tencent-cdn/*"],
    [["--tools", "jobs,writes"], {}, "writes"],
    [["--deny", ""], {}, "--deny"],
    [["--approve", "always"], {}, "always"],
    [["--env-prefix", ""], {}, "--env-prefix"],
    [["--env-prefix", "A B_"], {}, "A B_"],
    [["--huawei-region", "evil.example/"], {}, "evil.example/"],
    [[], { CLOUDCERT_READ_ONLY: "yes" }, "CLOUDCERT_READ_ONLY"],
  ])("refuses %j %j in one line that names it", (args, env, named) => {
    const attempt = () => readConfiguration(args, env);
    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).toThrow(named);
    expect(attempt).toThrow(/^[^\n]+$/);
  });
});
