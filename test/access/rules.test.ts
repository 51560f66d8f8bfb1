import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countsFor, type Requirement } from "../../src/access/requirement.js";
import { type RequestedChange, readOnlyRules } from "../../src/access/rules.js";
import { rulesIn } from "../../src/access/rules-file.js";
import { accountsFile } from "../../src/accounts/accounts-file.js";
import { matchesText, overlap } from "../../src/catalogue/policy-patterns.js";
import type { Person, Scope } from "../../src/identity/person.js";
import { readYaml } from "../../src/lib/yaml.js";

const file = `
people:
  alice: https://login.example.com 1
  bob: https://login.example.com 2
  carol: [https://login.example.com 3, "token:carol"]
groups:
  operators: { people: [alice, bob], provider: [cert-operators] }
  leads: { people: [bob, carol] }
access:
  - { who: [everyone], read: [test] }
  - { who: [operators], read: ["*"], change: [prod], directories: [/srv/certs] }
approvals:
  - { effects: [destroy, purchase], accounts: [prod], ask: [alice], approve: [leads], approvers: 2 }
  - { domains: ["*.pay.example.com"], accounts: [prod], ask: [operators], approve: [carol] }
  - services: [tencent-*]
    operations: [Modify*, Upload*]
    accounts: [prod]
    ask: [operators]
    approve: [operators, leads]
    quiet_hours: [{ time_zone: Asia/Shanghai, days: [fri], from: "22:00", to: "07:00" }]
`;
const accounts = ["prod", "test"];
const tools = {
  jobs: ["deploy_certificate"],
  ruled: [{ name: "propose_standing_approval", service: { id: "this-computer" }, effect: "traffic" }],
} as const;
const rules = rulesIn(file, "rules.yaml", accounts);

function person(number: number, groups: readonly string[] = [], scopes?: readonly Scope[]): Person {
  const all = ["certs:read", "certs:change", "certs:approve"] as const;
  return { id: `https://login.example.com ${number}`, name: `P${number}`, groups, scopes: new Set(scopes ?? all) };
}
const [alice, bob, carol, dora] = [person(1), person(2), person(3), person(4, ["cert-operators"])];

/** A Wednesday, not quiet. */
const wednesday = new Date("2026-03-04T03:00:00Z");

function change(asker: Person, name: string, effect: "destroy" | "change", more: Partial<RequestedChange> = {}) {
  const operation = { name, service: { id: "tencent-ssl" }, effect } as const;
  return { person: asker, account: "prod", operations: [{ operation, domains: [] }], at: wednesday, ...more };
}

function required(asked: RequestedChange): readonly Requirement[] {
  const found = rules.requirementsFor(asked);
  if (typeof found === "string") throw new Error(found);
  return found;
}

describe("who may see and change an account", () => {
  it.each([
    [alice, "prod", true, true],
    [alice, "test", true, false],
    [dora, "prod", true, true],
    [carol, "prod", false, false],
    [carol, "test", true, false],
    [person(1, [], ["certs:read"]), "prod", true, false],
    [person(1, [], ["certs:change"]), "prod", false, true],
    [person(9, [], []), "test", false, false],
  ])("%o on %s: reads %s, changes %s", (who, account, reads, changes) => {
    expect([rules.mayRead(who, account), rules.mayChange(who, account)]).toEqual([reads, changes]);
  });

  it("names directories only for whom they are given to", () => {
    expect([rules.directoriesOf(alice), rules.directoriesOf(carol)]).toEqual([["/srv/certs"], []]);
  });

  it("without a file is reading alone", () => {
    expect([readOnlyRules.mayRead(alice, "x"), readOnlyRules.mayChange(alice, "x")]).toEqual([true, false]);
    expect(readOnlyRules.requirementsFor(change(alice, "ModifyAlias", "change"))).toBe("no rule");
  });
});

describe("what a change takes", () => {
  it("is what the first rule that fits says", () => {
    expect(required(change(alice, "DeleteCertificate", "destroy"))).toMatchObject([{ approvers: 2 }]);
    expect(required(change(alice, "ModifyAlias", "change"))).toMatchObject([{ approvers: 1 }]);
  });

  it("is what all rules say that a change of several operations and names meets", () => {
    const [operation] = change(alice, "ModifyAlias", "change").operations;
    if (operation === undefined) throw new Error("none");
    const operations = [{ ...operation, domains: ["a.pay.example.com", "www.example.com"] }];
    const found = required(change(alice, "", "change", { operations }));
    expect(found.map(({ approve }) => approve.people.length)).toEqual([1, 3]);
  });

  it("takes the rules for some domains, too, where it names none and reaches visitors", () => {
    const everywhere = { name: "ModifyEverywhere", service: { id: "tencent-ssl" }, effect: "traffic" } as const;
    const operations = [{ operation: everywhere, domains: [] }];
    const found = required(change(alice, "", "change", { operations }));
    expect(found.map(({ approve }) => approve.people.length)).toEqual([1, 3]);
    expect(required(change(alice, "ModifyAlias", "change"))).toHaveLength(1);
    const elsewhere = [{ operation: { ...everywhere, name: "DeployThing" }, domains: [] }];
    expect(rules.requirementsFor(change(alice, "", "change", { operations: elsewhere }))).toBe("no rule");
  });

  it.each([
    ["nobody's rule", change(alice, "CreateThing", "change"), "no rule"],
    ["an account that is not theirs", change(carol, "ModifyAlias", "change"), "not their account"],
    ["an account only read", change(alice, "ModifyAlias", "change", { account: "test" }), "not their account"],
    ["what others may ask", change(bob, "DeleteCertificate", "destroy"), "not theirs to ask"],
    ["nothing", change(alice, "", "change", { operations: [] }), "no rule"],
    [
      "Friday at midnight in Shanghai",
      change(alice, "ModifyAlias", "change", { at: new Date("2026-03-06T16:00:00Z") }),
      "quiet hours",
    ],
    [
      "Saturday at 6:59 there",
      change(alice, "ModifyAlias", "change", { at: new Date("2026-03-06T22:59:00Z") }),
      "quiet hours",
    ],
  ])("%s is not asked for", (_, asked, why) => expect(rules.requirementsFor(asked)).toBe(why));

  it("is asked again when the quiet hours end", () => {
    expect(required(change(alice, "ModifyAlias", "change", { at: new Date("2026-03-06T23:00:00Z") }))).toHaveLength(1);
  });
});

describe("a domain name in a rule", () => {
  const approversOf = (pattern: string, domain: string) => {
    const text = `
people: { alice: a, bob: b, carol: c }
access: [{ who: [alice], change: [prod] }]
approvals:
  - { domains: ["${pattern}"], ask: [alice], approve: [bob, carol], approvers: 2 }
  - { ask: [alice], approve: [bob] }
`;
    const operation = {
      name: "SetCdnDomainSSLCertificate",
      service: { id: "alibaba-cdn" },
      effect: "traffic",
    } as const;
    const found = rulesIn(text, "rules.yaml", accounts).requirementsFor({
      person: { ...alice, id: "a" },
      account: "prod",
      operations: [{ operation, domains: [domain] }],
      at: wednesday,
    });
    if (typeof found === "string") throw new Error(found);
    return found.map(({ approvers }) => approvers);
  };

  it.each([
    ["*.例子.cn", "www.xn--fsqu00a.cn"],
    ["*.xn--FSQU00A.cn", "www.xn--fsqu00a.cn"],
    ["*.Shop.Example.COM", "www.shop.example.com"],
    ["*.shop.example.com.", "www.shop.example.com"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["shop*", "shop.example.com"],
    ["*", "shop.example.com"],
    ["*.com", "shop.example.com"],
  ])("%s fits %s in whatever spelling", (pattern, domain) => expect(approversOf(pattern, domain)).toEqual([2]));

  it.each([
    ["shop.example.com", "*.example.com", [2, 1]],
    ["*.shop.example.com", "*.example.com", [2, 1]],
    ["shop*", "*.example.com", [2, 1]],
    ["*.pay.*", "*.example.com", [2, 1]],
    ["*.example.com", "*.example.com", [2]],
    ["*.com", "*.example.com", [2]],
    ["*", "*.example.com", [2]],
    ["shop.example.org", "*.example.com", [1]],
    ["example.com", "*.example.com", [1]],
    ["*.shop.example.com", "*.blog.example.com", [1]],
  ])("%s is met by the wildcard %s if it fits a name under that", (pattern, wildcard, approvers) => {
    expect(approversOf(pattern, wildcard)).toEqual(approvers);
  });

  it("is met by a wildcard whenever it is met by a name under it", () => {
    const label = fc.string({ unit: fc.constantFrom("a", "b", "-"), minLength: 1, maxLength: 3 });
    const names = fc.array(label, { minLength: 1, maxLength: 2 });
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", ".", "-"), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(names, label, pattern, (under, parent, text) => {
        const [name, wildcard] = [[...under, parent].join("."), `*.${parent}`];
        fc.pre(matchesText(text, name));
        expect(overlap(text, wildcard)).toBe(true);
        expect(overlap(wildcard, text)).toBe(true);
      }),
    );
    expect([overlap("a*", "*b"), overlap("a*c", "*b"), overlap("", "**"), overlap("ab", "a")]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});

describe("whose word counts", () => {
  const two = required(change(alice, "DeleteCertificate", "destroy"));
  const one = required(change(alice, "ModifyAlias", "change"));
  it.each([
    ["an approver's", two, bob, wednesday, [0]],
    ["not that of whoever is no approver", two, dora, wednesday, "not an approver"],
    ["not that of who asked", one, alice, wednesday, "own question"],
    ["not without the scope", two, person(2, [], ["certs:read", "certs:change"]), wednesday, "no scope"],
    ["not in quiet hours", one, bob, new Date("2026-03-06T16:00:00Z"), "quiet hours"],
    ["that of a provider's group", one, dora, wednesday, [0]],
  ])("%s", (_, requirements, who, at, counts) => {
    expect(countsFor(requirements, who, alice.id, at)).toEqual(counts);
  });

  it("is a no in quiet hours, too", () => expect(countsFor(one, bob, alice.id, undefined)).toEqual([0]));
});

describe.each(["docs/team-server.md", "docs/zh-CN/team-server.md"])("the example in %s", (page) => {
  it("is a file that this server takes beside the page's own accounts", () => {
    const [, example = ""] = /```yaml\n(people:[\s\S]*?)```/.exec(readFileSync(page, "utf8")) ?? [];
    const [, own = ""] = /```yaml\n(accounts:[\s\S]*?)```/.exec(readFileSync(page, "utf8")) ?? [];
    const documented = rulesIn(example, page, Object.keys(readYaml(own, page, accountsFile).value.accounts));
    expect(documented.questionMs).toBe(30 * 60_000);
    const operator = { ...alice, id: "https://login.example.com/realms/ops#4f1c2d9a" };
    expect(documented.requirementsFor(change(operator, "DeleteCertificate", "destroy"))).toMatchObject([
      { approvers: 2, approve: { providerGroups: ["cert-leads"] } },
    ]);
    expect(documented.requirementsFor(change(operator, "ModifyAlias", "change"))).toBe("no rule");
    // Whoever types into the platform is none of those who approve.
    const platform = { ...operator, id: "token:dify" };
    const [operation] = change(operator, "ModifyAlias", "change").operations;
    const operations = operation && [{ ...operation, domains: ["www.shop.example.com"] }];
    const asked = documented.requirementsFor(change(platform, "", "change", operations && { operations }));
    if (typeof asked === "string") throw new Error(asked);
    expect(countsFor(asked, operator, platform.id, wednesday)).toBe("not an approver");
  });
});

describe("somebody who comes by two ways", () => {
  it("is one person: not another pair of eyes", () => {
    const byToken = { ...carol, id: "token:carol", groups: ["cert-operators"] };
    expect(rules.known(byToken).id).toBe(carol.id);
    expect(rules.mayRead(byToken, "test")).toBe(true);
    const asked = required(change(byToken, "ModifyAlias", "change"));
    expect(countsFor(asked, rules.known(carol), rules.known(byToken).id, wednesday)).toBe("own question");
    expect(countsFor(asked, bob, rules.known(byToken).id, wednesday)).toEqual([0]);
  });
});

describe("a file that is refused", () => {
  const base = (approvals: string, access = "access: [{ who: [everyone], change: [prod] }]") =>
    `people: { alice: a, bob: b }\ngroups: { all: { people: [alice, bob] } }\n${access}\napprovals:\n  - ${approvals}\n`;

  it.each([
    ["no YAML", "people: [", /^rules.yaml, line 1: /],
    ["a member twice", "people: {}\npeople: {}", /line 2: /],
    ["an unknown member", base("{ ask: [all], approve: [all], aprovers: 2 }"), /line 5: approvals.0: .*aprovers/],
    ["an unknown name", base("{ ask: [all], approve: [carol] }"), /line 5: approvals.0.approve.0: carol is neither/],
    ["too few approvers", base("{ ask: [all], approve: [all], approvers: 3 }"), /asks for 3/],
    ["too few besides the asker", base("{ ask: [all], approve: [all], approvers: 2 }"), /besides the one who asks/],
    ["only oneself", base("{ ask: [alice], approve: [alice] }"), /besides the one who asks/],
    ["an unknown account", base("{ ask: [all], approve: [all], accounts: [stage] }"), /stage is no account/],
    [
      "a misspelt operation",
      base("{ ask: [all], approve: [bob], operations: [DeleteCertifcate] }"),
      /operations.0: Del/,
    ],
    [
      "a read",
      base("{ ask: [all], approve: [bob], operations: [DescribeCertificates] }"),
      /no operation that is approved/,
    ],
    [
      "a colon for a slash",
      base('{ ask: [all], approve: [bob], operations: ["tencent-ssl:Delete*"] }'),
      /SERVICE.NAME/,
    ],
    ["a job", base("{ ask: [all], approve: [bob], operations: [deploy_*] }"), /deploy_certificate is a job/],
    ["a misspelt service", base("{ ask: [all], approve: [bob], services: [tencent_ssl] }"), /those are .*tencent-ssl/],
    [
      "half a service",
      base("{ ask: [all], approve: [bob], services: [tencent] }"),
      /services.0: tencent is no service/,
    ],
    [
      "a purchase where nothing is sold",
      base("{ ask: [all], approve: [bob], services: [huawei-live], effects: [purchase] }"),
      /no operation fits it/,
    ],
    ["an unknown effect", base("{ ask: [all], approve: [all], effects: [delete] }"), /approvals.0.effects.0/],
    ["access to nothing", base("{ ask: [all], approve: [all] }", "access: [{ who: [all] }]"), /gives nothing/],
    [
      "quiet hours without end",
      base('{ ask: [all], approve: [all], quiet_hours: [{ time_zone: UTC, from: "00:00", to: "24:00" }] }'),
      /never end/,
    ],
    [
      "no time zone",
      base('{ ask: [all], approve: [all], quiet_hours: [{ time_zone: Mars, from: "00:00", to: "01:00" }] }'),
      /not a time zone/,
    ],
    ["an id twice", "people: { a: [x, x] }\naccess: [{ who: [a], read: [prod] }]", /has it twice/],
    ["two names for one person", "people: { a: x, b: x }\naccess: [{ who: [a], read: [prod] }]", /same id/],
    [
      "a name taken twice",
      "people: { a: x }\ngroups: { a: { people: [a] } }\naccess: [{ who: [a], read: [prod] }]",
      /same name/,
    ],
    ["an empty group", "groups: { a: {} }\naccess: [{ who: [a], read: [prod] }]", /nobody is in this group/],
    ["__proto__", "access: [{ who: [__proto__], read: [prod] }]", /neither under people/],
  ])("%s", (_, text, message) => expect(() => rulesIn(text, "rules.yaml", accounts, tools)).toThrow(message));

  it.each([
    "https://shop.example.com",
    "shop.example.com:443",
    "例*.cn",
    "a..b.com",
    ".example.com",
    "localhost",
    "1.2.3.4",
  ])("the domain %s", (name) => {
    const text = base(`{ ask: [all], approve: [bob], domains: ["*.example.com", "${name}"] }`);
    expect(() => rulesIn(text, "rules.yaml", accounts)).toThrow(
      /line 5: approvals.0.domains.1: .* fits no domain name/,
    );
  });

  const issuer = "https://login.example.com";
  const withIds = (bob: string, approvals: string, access = "{ who: [alice], change: [prod] }") =>
    `people: { alice: "${issuer}#alice", bob: ${bob}, dify: "token:dify" }\naccess: [${access}]\napprovals:\n  - ${approvals}\n`;
  const [ofBob, elsewhere] = [`"${issuer}#bob"`, `"${issuer}/#bob"`];

  it.each([
    ["only a token", ofBob, "{ ask: [alice], approve: [dify] }", /line 4: approvals.0.approve: .*token:dify does not/],
    ["a person and a token where two are needed", ofBob, "{ ask: [alice], approve: [bob, dify], approvers: 2 }", /2/],
    ["a person of another issuer", elsewhere, "{ ask: [alice], approve: [bob] }", /begins with https:.*com#; .*\/#bob/],
  ])("approvers of whom too few can log in: %s", (_, bob, approvals, message) => {
    const text = withIds(bob, approvals);
    expect(() => rulesIn(text, "rules.yaml", accounts, tools, issuer)).toThrow(message);
    // Without a page nobody can approve anything, which the server says when it starts.
    expect(() => rulesIn(text, "rules.yaml", accounts, tools)).not.toThrow();
  });

  it("counts an approver who can log in by one of several ways, and one whom the provider's group names", () => {
    const several = withIds(`["token:bob", "${issuer}#bob"]`, "{ ask: [alice], approve: [bob] }");
    const group = `groups: { staff: { provider: [staff] } }\n${withIds(ofBob, "{ ask: [alice], approve: [staff] }")}`;
    for (const text of [several, group])
      expect(() => rulesIn(text, "rules.yaml", accounts, tools, issuer)).not.toThrow();
  });

  it.each([
    ["may only read", "{ ask: [alice], approve: [bob] }", "{ who: [alice], read: [prod] }"],
    ["may change another account", "{ ask: [alice], approve: [bob], accounts: [test] }", undefined],
    ["are in a group to which nothing is given", "{ ask: [everyone], approve: [bob] }", "{ who: [bob], read: [prod] }"],
  ])("askers who %s", (_, approvals, access) => {
    const text = withIds(ofBob, approvals, access);
    expect(() => rulesIn(text, "rules.yaml", accounts, tools, issuer)).toThrow(/line 4: approvals.0.ask: nobody in it/);
  });

  it("takes a tool that is looked up by its own name", () => {
    const text = base("{ ask: [all], approve: [all], operations: [propose_*], services: [this-computer] }");
    expect(() => rulesIn(text, "rules.yaml", accounts, tools)).not.toThrow();
    expect(() => rulesIn(text, "rules.yaml", accounts)).toThrow(/this-computer is no service/);
  });
});
