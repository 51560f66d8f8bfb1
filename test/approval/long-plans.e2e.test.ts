import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limits } from "../../src/catalogue/limits.js";
import { runCommand } from "../support/command.js";
import { DecliningPerson } from "../support/declining-person.js";
import { sample } from "../support/sample-calls.js";
import { ofRows, rows, wide } from "../support/width.js";
import { send } from "./page/support.js";
import { startApprove } from "./terminal/support.js";

/** Many objects, so that the verb, the effect and the warning stand where nobody looks. */

let asked: DecliningPerson;
beforeAll(async () => {
  asked = await DecliningPerson.shared();
});
afterAll(() => asked.close());

const hostsOff = (Hosts: readonly string[]) => ({ ZoneId: "zone-sandboxdemo", Hosts, Mode: "disable" });
const sameHost = Array<string>(280).fill("www.example.com");
const manyHosts = Array.from({ length: 280 }, (_, index) => `host-${index}.example.com`);

const effect = "Changes what a live domain serves.";
const warning = "These hosts stop answering over HTTPS.";

describe("one host named 280 times", () => {
  it("is one object in the form, after what is done to it", async () => {
    const { form } = await asked.ask("ModifyHostsCertificate", hostsOff(sameHost));
    expect(form.split("\n").slice(0, 3)).toEqual([
      "Remove the server certificate on host www.example.com (EdgeOne site zone-sandboxdemo)?",
      `${effect} Affects 1 object.`,
      "Warning: This host stops answering over HTTPS.",
    ]);
    expect(form).toContain("Hosts.0: www.example.com");
    expect(form).not.toContain("Hosts.1");
    expect(form.match(/none: HTTPS off/g)).toHaveLength(1);
    expect(form.length).toBeLessThan(1_500);
  });

  it.each([
    ["in other letter case", ["www.example.com", "WWW.EXAMPLE.COM", "Www.Example.Com"]],
    ["with the root's dot", ["www.example.com", "www.example.com."]],
    ["in Unicode and in punycode", ["例子.example.com", "xn--fsqu00a.example.com"]],
  ])("is one object %s", async (_, hosts) => {
    const { form } = await asked.ask("ModifyHostsCertificate", hostsOff(hosts));
    expect(form).toContain(`${effect} Affects 1 object.`);
    // It is sent once, as DNS has it, and shown so.
    expect(form.match(/^Hosts\.\d+/gm)).toHaveLength(1);
  });

  it("does not push the verb out of the audit log", wide, async () => {
    const log = join(mkdtempSync(join(tmpdir(), "cc-audit-")), "audit.jsonl");
    const asked = await DecliningPerson.open(["--approve", "elicit", "--audit-log", log]);
    const { form } = await asked.ask("ModifyHostsCertificate", hostsOff(sameHost));
    const { out } = await runCommand(["audit", "show", "--audit-log", log]);
    const start = out.slice(0, 600);
    expect(start).toMatch(/Question +Remove the server certificate on host www\.example\.com/);
    expect(start).toMatch(/Objects +1\n/);
    for (const text of [effect, "This host stops answering over HTTPS."]) expect(start).toContain(text);
    const digest = /All arguments: SHA-256 ([0-9a-f]{64})/.exec(form)?.[1] ?? "not shown";
    expect(out).toContain(digest);
  });

  it.skipIf(process.platform !== "linux")("is on the screen with its verb when a terminal asks", wide, async () => {
    const runtime = mkdtempSync(join(tmpdir(), "cc-run-"));
    const asked = await DecliningPerson.open(["--approve", "terminal", "--approval-wait", "0.1"], {
      XDG_RUNTIME_DIR: runtime,
    });
    await asked.ask("ModifyHostsCertificate", hostsOff(sameHost));
    await asked.ask("ModifyHostsCertificate", hostsOff(manyHosts));
    const terminal = startApprove([join(runtime, "cloudcert-mcp")], { NO_COLOR: "1" });
    const lastScreen = async () => (await terminal.until("Approve?")).split("\r\n").slice(-38).join("\n");
    expect(await lastScreen()).toContain("Remove the server certificate on host www.example.com");
    await terminal.answer("n\r");
    const screen = await lastScreen();
    expect(screen).toContain("Remove the server certificate on 280 hosts: host-0.example.com");
    for (const text of [`${effect} Affects 280 objects.`, `! ${warning}`, "280. EdgeOne host host-279.example.com"]) {
      expect(screen).toContain(text);
    }
  });
});

describe("more objects than a form shows whole", () => {
  it("are not asked about in a form, and the refusal says so", async () => {
    const { question, reply, changes } = await asked.ask("ModifyHostsCertificate", hostsOff(manyHosts));
    expect(question).toBeUndefined();
    expect(changes).toEqual([]);
    expect(reply).toContain("more than the client's form can show");
    expect(reply).toContain("fewer objects at a time");
  });

  it("are listed on the page one by one, with the digest of what is sent", wide, async () => {
    const asked = await DecliningPerson.open(["--approval-wait", "0.1"], { BROWSER: "none", DISPLAY: "" });
    const { question } = await asked.ask("ModifyHostsCertificate", hostsOff(manyHosts));
    expect(question).toBeUndefined();
    const [link = ""] = asked.assistant.links();
    const { body } = await send(link);
    const text = body.replace(/<style>[\s\S]*?<\/style>/, "").replace(/<[^>]*>/g, "");
    const start = text.slice(0, 600);
    for (const part of ["Remove the server certificate on 280 hosts", effect, "280 objects", warning]) {
      expect(start).toContain(part);
    }
    for (const [index, host] of manyHosts.entries()) expect(text).toContain(`${index + 1}. EdgeOne host ${host} `);
    expect(text).toMatch(/SHA-256 of all arguments[0-9a-f]{64}/);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      "BatchDeleteCSR",
      { CSRIds: Array.from({ length: 40 }, (_, index) => index + 1) },
      /more than the client's form can show/,
    ],
    [
      "ModifyCertificateProject",
      { CertificateIdList: Array.from({ length: 40 }, (_, index) => `abcd${1000 + index}`), ProjectId: 1 },
      /more than the client's form can show/,
    ],
  ])("%s asks nobody in a form", wide, async (name, args, says) => {
    const asked = await DecliningPerson.open();
    const { certificates, csrs } = asked.sandbox.account.ssl;
    const [certificate, csr] = [certificates.get(sample.idle), csrs.get(701)];
    if (certificate === undefined || csr === undefined) throw new Error("the sandbox has not been seeded");
    for (let index = 0; index < 40; index += 1) {
      certificates.set(`abcd${1000 + index}`, { ...certificate, id: `abcd${1000 + index}` });
      csrs.set(index + 1, { ...csr, id: index + 1 });
    }
    const { question, reply } = await asked.ask(name, args);
    expect(question).toBeUndefined();
    expect(reply).toMatch(says);
  });
});

describe("long lists in other arguments", () => {
  it.each<[string, Record<string, unknown>, RegExp]>(
    rows(
      [
        [
          "UpdateCertificateInstance",
          {
            OldCertificateId: sample.bound,
            CertificateId: sample.next,
            ResourceTypes: Array(limits.argument.items).fill("cdn"),
          },
          new RegExp(
            `^Serve certificate ${sample.next} on every CDN resource that now uses ${sample.bound}\\?\nChanges what a live domain serves\\. Affects \\d objects\\.`,
          ),
        ],
        [
          "BatchDeleteCSR",
          { CSRIds: Array(100).fill(701) },
          /^Delete CSR record 701 for good, with any private key\?\nCannot be undone\. Affects 1 object\./,
        ],
        [
          "ModifyCertificateProject",
          { CertificateIdList: Array(100).fill("2Hxefkb5"), ProjectId: 1 },
          /^Move certificate 2Hxefkb5 to project 1\?\nChanges a record or an order; live traffic is not touched\. Affects 1 object\./,
        ],
        [
          "SetCdnDomainSSLCertificate",
          { DomainName: `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.example.com`, SSLProtocol: "off" },
          /^Turn HTTPS off for aaa.*…c*\.example\.com\?\nChanges what a live domain serves\. Affects 1 object\.\nWarning: .* stops answering over HTTPS\.\n/,
        ],
      ],
      1,
    ),
  )("%s begins with what it does", ofRows, async (name, args, start) => {
    const { form } = await asked.ask(name, args);
    expect(form).toMatch(start);
  });

  it.each(rows([limits.argument.items + 1, 800], 1))(
    "%i resource types are refused before anybody is asked",
    ofRows,
    async (count) => {
      const args = { OldCertificateId: "AAAAAAAA", CertificateId: "BBBBBBBB", ResourceTypes: Array(count).fill("cdn") };
      const { question, reply, changes } = await asked.ask("UpdateCertificateInstance", args);
      expect(question).toBeUndefined();
      expect(changes).toEqual([]);
      expect(reply).toContain(
        `ResourceTypes has ${count} items; at most ${limits.argument.items} are taken in one call`,
      );
      expect(reply).toContain("Nothing was changed.");
    },
  );
});
