import { rulesIn } from "../../../src/access/rules-file.js";
import type { NewQuestion } from "../../../src/approval/team/question.js";
import { RowSigner } from "../../../src/database/signing.js";
import type { Person, Scope } from "../../../src/identity/person.js";
import { trafficPlan } from "../page/support.js";

/** As all servers of one team have it. */
export const signer = new RowSigner([Buffer.alloc(32)], "questions");

const usualIssuer = "https://login.example.com";

export function person(
  name: string,
  groups: readonly string[] = [],
  scopes?: readonly Scope[],
  issuer = usualIssuer,
): Person {
  const all = ["certs:read", "certs:change", "certs:approve"] as const;
  return { id: `${issuer}#${name.toLowerCase()}`, name, groups, scopes: new Set(scopes ?? all) };
}

export const [alice, bob, carol, dora] = [person("Alice"), person("Bob"), person("Carol"), person("Dora")] as const;

/** Changes take one of bob, carol and alice, but not who asks; what cannot be undone takes two of bob, carol and dora. */
export const rulesAt = (issuer = usualIssuer) =>
  rulesIn(
    `
people:
  alice: ${issuer}#alice
  bob: ${issuer}#bob
  carol: ${issuer}#carol
  dora: ${issuer}#dora
groups:
  operators: { people: [alice, bob] }
  leads: { people: [bob, carol, dora] }
access:
  - { who: [operators], change: [prod] }
  - { who: [leads], read: [prod] }
approvals:
  - { effects: [destroy, purchase], ask: [operators], approve: [leads], approvers: 2 }
  - { ask: [operators], approve: [alice, bob, carol] }
`,
    "rules.yaml",
    ["prod"],
  );

const who = (people: readonly string[]) => ({ everyone: false, people, providerGroups: [] });

/** A question of Alice's that takes two approvals. */
export function newQuestion(more: Partial<NewQuestion> = {}): NewQuestion {
  return {
    asker: { id: alice.id, name: alice.name, client: "a client" },
    account: "prod",
    thing: "thing-1",
    plans: { en: trafficPlan, "zh-CN": { ...trafficPlan, language: "zh-CN" } },
    requirements: [{ approve: who([bob.id, carol.id]), approvers: 2, askerMayApprove: false, quietHours: [] }],
    loginAgain: false,
    lifetimeMs: 60_000,
    ...more,
  };
}
