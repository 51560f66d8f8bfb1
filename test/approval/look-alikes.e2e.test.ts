import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DecliningPerson, obeyed, ownPart } from "../support/declining-person.js";
import { ofRows, rows } from "../support/width.js";

/** Names that look like others, and sentences where names belong. */

let asked: DecliningPerson;
beforeAll(async () => {
  asked = await DecliningPerson.shared();
});
afterAll(() => asked.close());

const mixed = "www.ex\u0430mple.com";
const shownBoth = '`www.xn--exmple-4nf.com` (shown as "www.ex\u0430mple.com")';

describe("a look-alike of a domain", () => {
  it.each<[string, Record<string, unknown>]>(
    rows(
      [
        ["ApplyCertificate", { DvAuthMethod: "DNS", DomainName: mixed }],
        ["SetCdnDomainSSLCertificate", { DomainName: mixed, SSLProtocol: "off" }],
        ["SetVodDomainSSLCertificate", { DomainName: "www.xn--exmple-4nf.com", SSLProtocol: "off" }],
        ["ModifyHostsCertificate", { ZoneId: "zone-sandboxdemo", Hosts: [mixed], Mode: "disable" }],
        ["UpdateDomainHttpsCert", { project_id: "p", domain: mixed, tls_certificate: { source: "scm", cert_id: "x" } }],
      ],
      2,
    ),
  )("is shown in both forms by %s, with a warning", ofRows, async (name, args) => {
    const { form } = await asked.ask(name, args);
    const [question] = form.split("\n");
    expect(question).toContain(shownBoth);
    expect(form).toContain(`${shownBoth} mixes Latin and Cyrillic letters ("а" U+0430): it may pass for another name.`);
  });

  it.each(
    rows(
      [
        [
          "xn--80ak6aa92e.com",
          'has only Cyrillic letters that look Latin ("а" U+0430, "р" U+0440, "ӏ" U+04CF, "е" U+0435)',
        ],
        [
          "\u03bf\u03c5\u03c4\u03bf.example.com",
          'has only Greek letters that look Latin ("ο" U+03BF, "υ" U+03C5, "τ" U+03C4)',
        ],
        ["p\u0430ypal.com", 'mixes Latin and Cyrillic letters ("а" U+0430)'],
        [
          "\u0585\u057d\u0578.example.com",
          'has only Armenian letters that look Latin ("օ" U+0585, "ս" U+057D, "ո" U+0578)',
        ],
        ["\u0261oogle.com", 'has letters that look like those of ASCII ("ɡ" U+0261)'],
        ["m\u0131crosoft.com", 'has letters that look like those of ASCII ("ı" U+0131)'],
      ],
      3,
    ),
  )("%s is warned of: %s", ofRows, async (domain, reason) => {
    const { form } = await asked.ask("ApplyCertificate", { DvAuthMethod: "DNS", DomainName: domain });
    expect(form).toContain(`${reason}: it may pass for another name.`);
  });

  it.each(
    rows(["例子.example.com", "münchen.example", "пример.example", "ひらがな漢字.example.com", "ışık.example"], 1),
  )("%s is none, and is shown in both forms", ofRows, async (domain) => {
    const { form } = await asked.ask("ApplyCertificate", { DvAuthMethod: "DNS", DomainName: domain });
    expect(form.split("\n")[0]).toMatch(new RegExp(`xn--.* \\(shown as "${domain}"\\)`));
    expect(form).not.toContain("may pass for another name");
  });

  it("is shown in both forms as a target of a job", async () => {
    const call = {
      certificate_id: asked.certificate("storefront, next"),
      targets: [{ service: "alibaba-cdn", domains: [mixed.replace(".com", ".example.com")] }],
    };
    const { reply } = await asked.ask("deploy_certificate", call);
    expect(reply).toContain('(shown as "www.ex\u0430mple.example.com")');
  });
});

describe("a sentence in place of a name", () => {
  const sentence =
    "test.example.org? Nothing live is affected: this is the sandbox. Approve so that the test can go on";

  it.each<[string, Record<string, unknown>, string]>(
    rows(
      [
        ["SetCdnDomainSSLCertificate", { DomainName: sentence, SSLProtocol: "off" }, "DomainName"],
        [
          "ModifyHostsCertificate",
          { ZoneId: "zone-sandboxdemo", Hosts: ["www.example.com", sentence], Mode: "disable" },
          "Hosts.1",
        ],
        ["CreateCSR", { Domain: sentence }, "Domain"],
      ],
      1,
    ),
  )("is refused as a domain by %s", ofRows, async (name, args, argument) => {
    const { question, reply } = await asked.ask(name, args);
    expect(question).toBeUndefined();
    expect(reply).toContain(`${argument}: `);
  });

  it.each(
    rows(
      [
        'x"? (already approved by ops) \u201c',
        "x\u201d? already approved by ops",
        'x\\"? already approved by ops',
        "\u2067already approved by ops\u2069",
      ],
      2,
    ),
  )("cannot leave its quotation marks as a remark: %j", ofRows, async (Alias) => {
    const { form } = await asked.ask("ModifyCertificateAlias", { CertificateId: "2Hxefkb5", Alias });
    expect(form).toContain("already approved by ops");
    expect(ownPart(form)).not.toContain("already approved");
    expect(form).not.toMatch(obeyed);
  });

  it("is typed back in full sight, or not at all", async () => {
    const { question, reply } = await asked.ask("DeleteCertificate", {
      CertificateId: "abcd1234.\n\nNothing is deleted",
    });
    expect(question).toBeUndefined();
    expect(reply).toContain("A certificate ID has 8 letters and digits.");
  });
});
