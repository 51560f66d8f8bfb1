import { ownMember } from "../../lib/json.js";
import { formatId } from "../../lib/safe-text.js";

/**
 * What Alibaba Cloud adds to a refusal when a permission is missing: the members of its AccessDeniedDetail. The documents of
 * the products name them all, those of RAM's DecodeDiagnosticMessage their values.
 */
export const accessDeniedMembers = [
  "AuthAction",
  "AuthPrincipalType",
  "AuthPrincipalDisplayName",
  "AuthPrincipalOwnerId",
  "NoPermissionType",
  "PolicyType",
  "EncodedDiagnosticMessage",
] as const;

export type AccessDeniedDetail = Readonly<Partial<Record<(typeof accessDeniedMembers)[number], string>>>;

/** The same in a text that holds the reply, as JSON, as JSON within JSON, or as an SDK prints it. */
export function accessDeniedIn(text: string): AccessDeniedDetail {
  return Object.fromEntries(Array.from(text.matchAll(memberInText), ([, name = "", value = ""]) => [name, value]));
}

const memberInText = new RegExp(
  `\\b(${accessDeniedMembers.join("|")})\\b[\\\\"']{0,4}\\s{0,4}[:=>]\\s{0,4}[\\\\"']{0,4}([\\w.:@/+=-]+)`,
  "g",
);

interface DenyingPolicy {
  /** A real gateway misspells one of them. */
  readonly type: RegExp;
  readonly explicit: string;
  readonly implicit: string;
  /** What helps where no grant does, and where to look. */
  readonly instead?: string;
  readonly check?: string;
  /** Where a grant counts. */
  readonly scope?: string;
}

const notByGrant = (instead: string) => `A grant in RAM does not help: ${instead}.`;

const policies: readonly DenyingPolicy[] = [
  {
    type: /^ControlPolicy$/,
    explicit: "a control policy",
    implicit: "any control policy",
    instead: notByGrant(
      "ask a person to have the control policy changed by an administrator of the resource directory",
    ),
    check: "Resource Directory console: the control policies that apply to the account.",
  },
  {
    type: /^SessionPolicy$/,
    explicit: "the session policy of the temporary credentials",
    implicit: "the session policy of the temporary credentials",
    instead: notByGrant("ask the operator to obtain the temporary credentials with a session policy that allows this"),
    check: "The session policy with which the temporary credentials were obtained.",
  },
  {
    type: /^AssumeRolePolicy$/,
    explicit: "the trust policy of the role",
    implicit: "the trust policy of the role",
    instead: notByGrant("ask a person to change the trust policy of the role, which says who may assume it"),
    check: "RAM console: the trust policy of the role.",
  },
  {
    type: /^ResourceGroupLevel/,
    explicit: "a RAM policy of a resource group",
    implicit: "any RAM policy, for the account or for the object's resource group",
    scope: ", for the account or for the resource group that holds the object",
  },
  { type: /^AccountLevel|^IdentityBasedPolicy$/, explicit: "a RAM policy", implicit: "any RAM policy" },
];

const principals: Readonly<Record<string, string>> = {
  SubUser: "RAM user",
  AssumedRoleUser: "RAM role",
  Federated: "federated user",
};

/** Longest encoded message that is shown: it is of no use unless it is whole. */
const MAX_ENCODED = 1000;

interface ExplainedDenial {
  readonly means: string;
  readonly next: string;
  /** Where no grant helps: these replace what is said of a code that a grant remedies. */
  readonly noGrant?: { readonly check: string; readonly retry: string };
}

/**
 * What was denied, to whom and by what, and what helps; undefined if the detail says neither.
 * @param next the advice for the code alone, used for what the detail leaves open
 */
export function explainAccessDenied(detail: AccessDeniedDetail, next: string): ExplainedDenial | undefined {
  const { AuthAction: action = "", NoPermissionType: type = "", PolicyType: policyType = "" } = detail;
  const isExplicit = type === "ExplicitDeny";
  if (!isExplicit && type !== "ImplicitDeny" && action === "") return undefined;
  const policy = policies.find((each) => each.type.test(policyType));
  const named = policyType === "" ? "" : ` (PolicyType ${formatId(policyType)})`;
  const by = isExplicit ? (policy?.explicit ?? `a policy${named}`) : (policy?.implicit ?? `any policy${named}`);
  const where = policy === undefined ? "Alibaba Cloud console" : "RAM console";
  const denies = `${where}: ${by} that denies ${action === "" ? "it" : formatId(action)}.`;
  const check = policy?.check ?? (isExplicit ? denies : undefined);
  const what = [...(action === "" ? [] : [String(formatId(action))]), ...principalIn(detail)].join(", ");
  return {
    means: `${isExplicit ? "Denied explicitly" : "Not allowed"} by ${by}${what === "" ? "" : `: ${what}`}.${diagnosisIn(detail)}`,
    next: adviceFor(policy, isExplicit, action, next),
    ...(check !== undefined && { noGrant: { check, retry: "No, not until that policy is changed." } }),
  };
}

function adviceFor(policy: DenyingPolicy | undefined, isExplicit: boolean, action: string, next: string): string {
  if (policy?.instead !== undefined) return policy.instead;
  if (isExplicit) {
    return "A further grant does not help: a deny wins over every grant. Ask a person to change the policy that denies it.";
  }
  if (action === "") return next;
  return `Ask a person to grant the key's user or role a RAM policy with ${formatId(action)}${policy?.scope ?? ""}.`;
}

function principalIn(detail: AccessDeniedDetail): string[] {
  const {
    AuthPrincipalType: type = "",
    AuthPrincipalDisplayName: name = "",
    AuthPrincipalOwnerId: owner = "",
  } = detail;
  if (name === "") return [];
  return [
    `${ownMember(principals, type) ?? "principal"} ${formatId(name)}${owner === "" ? "" : ` of account ${formatId(owner)}`}`,
  ];
}

function diagnosisIn({ EncodedDiagnosticMessage: encoded = "" }: AccessDeniedDetail): string {
  if (!/^[\w+/=-]+$/.test(encoded) || encoded.length > MAX_ENCODED) return "";
  return ` For an administrator, RAM's DecodeDiagnosticMessage decodes: ${encoded}.`;
}
