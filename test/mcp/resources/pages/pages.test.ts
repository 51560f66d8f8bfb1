import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { codesOf, explainError } from "../../../../src/catalogue/errors/index.js";
import { allOperations, operations } from "../../../../src/catalogue/index.js";
import { secretNames } from "../../../../src/catalogue/sensitive.js";
import { alibabaCdn, alibabaVod, huaweiLive, services, tencentSsl } from "../../../../src/catalogue/services.js";
import { errorPage } from "../../../../src/mcp/resources/pages/error.js";
import { operationPage } from "../../../../src/mcp/resources/pages/operation.js";
import { documentedOperations } from "../../../support/data.js";

const pageOf = (name: string) => allOperations.filter((each) => each.name === name).map(operationPage)[0] ?? "";

describe("the page of an operation", () => {
  it("exists for all 36, and for companions", () => {
    expect(operations).toHaveLength(36);
    expect(allOperations.length).toBeGreaterThan(36);
  });

  it.each(allOperations)("$name: under 6,000 tokens", (operation) => {
    const cost = encode(operationPage(operation)).length;
    expect(cost).toBeGreaterThan(200);
    expect(cost).toBeLessThan(6_000);
  });

  it.each(operations.map((operation) => [operation.name, operation] as const))(
    "%s: has every documented parameter, reply member and error",
    (name, { service, errors }) => {
      const page = pageOf(name);
      const documented = documentedOperations[name];
      for (const { name: member } of [...(documented?.params ?? []), ...(documented?.response ?? [])]) {
        expect(page).toContain(`\`${member}\``);
      }
      for (const code of errors) expect(page).toContain(`\`${code}\`: ${explainError(service, code)?.means}`);
      expect(page).toContain(service.title);
    },
  );

  it.each(operations.map((operation) => [operation.name, operation] as const))(
    "%s: says whether it has to be approved",
    (name, { effect }) => {
      expect(pageOf(name).includes("nobody has to approve")).toBe(effect === "read");
      expect(pageOf(name).includes("A person approves") || pageOf(name).includes("a person approves")).toBe(
        effect !== "read",
      );
      expect(pageOf(name)).not.toMatch(/--|CLOUDCERT_/);
    },
  );

  it("says of a parameter whether it is required, its type, its values and its limits", () => {
    const list = pageOf("DescribeCertificates");
    expect(list).toContain("- `Limit` (Integer, optional): Default 10; over 1000 counts as 1000.");
    expect(list).toContain("- `ExpirationSort` (String, optional): By expiry: ASC or DESC.");
    const update = pageOf("UpdateCertificateInstance");
    expect(update).toContain("- `OldCertificateId` (String, required)");
    expect(update).toContain("\n- `ResourceTypesRegions` (Array of Object, optional)");
    expect(update).toContain("\n  - `Regions` (Array of String, optional)");
    expect(update).toMatch(/`ResourceTypes` \(Array of String, required\).*teo, vod/);
  });

  it("says what codes in a reply mean, and what does not come out in clear", () => {
    expect(pageOf("DescribeCertificate")).toMatch(/^- `Status` \(Integer\): 0 under review; 1 issued;/m);
    expect(pageOf("DownloadCertificate")).toMatch(/`Content` \(String\): kept by this server/);
  });

  it("says how a repeat ends, also where the arguments decide", () => {
    expect(pageOf("CreateCertificate")).toContain("Never repeated once it was sent");
    expect(pageOf("DeleteCertificate")).toMatch(/Depends on the arguments\..*Read the object's state/);
    expect(pageOf("BatchDeleteCSR")).toContain("Sites: intl only");
  });
});

describe("the example of an operation", () => {
  it.each(operations.map((operation) => [operation.name, operation] as const))(
    "%s: is a call that its own schema accepts, secrets by reference",
    (name, { params, example }) => {
      expect(example).toBeDefined();
      const parsed = params.safeParse(example);
      expect(parsed.error?.issues ?? []).toEqual([]);
      expect(pageOf(name)).toContain(JSON.stringify(example, null, 2));
      expect(JSON.stringify(example)).not.toContain("-----BEGIN");
      const secrets = new Set(secretNames(params));
      JSON.stringify(example, (key, value) => {
        if (secrets.has(key)) expect(value).toMatch(/^(file|env|vault):/);
        return value;
      });
    },
  );
});

describe("the page of an error code", () => {
  it.each(services.map((service) => [service.id, service] as const))("exists for every code of %s", (_, service) => {
    const codes = codesOf(service);
    expect(new Set(codes).size).toBe(codes.length);
    const listed = operations.filter((operation) => operation.service === service).flatMap(({ errors }) => errors);
    expect(listed.filter((code) => !codes.includes(code))).toEqual([]);
    for (const code of codes) {
      const page = errorPage(service, code) ?? "";
      expect(page.startsWith(`# ${code}\n`), code).toBe(true);
      expect(page, code).toContain(explainError(service, code)?.means);
      expect(page, code).toMatch(/\n1\. .*\n[\s\S]*## What to check\n- /);
      expect(encode(page).length, code).toBeLessThan(800);
    }
  });

  it("names the operations that list it, and says so where none does", () => {
    expect(errorPage(alibabaVod, "DomainOwnerVerifyFail")).toContain("- SetVodDomainSSLCertificate");
    expect(errorPage(alibabaCdn, "Throttling.User")).toContain("any call of the service");
    expect(errorPage(alibabaCdn, "CertName.MissingParameter")).toContain("HTTP status 404");
  });

  it("does not exist for a code of which nothing is known", () => {
    expect(errorPage(huaweiLive, "Certificate.MissMatch")).toBeUndefined();
    expect(errorPage(tencentSsl, "")).toBeUndefined();
  });
});
