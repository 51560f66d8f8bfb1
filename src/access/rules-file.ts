import { readFile } from "node:fs/promises";
import { matchesText } from "../catalogue/policy-patterns.js";
import { decodeText } from "../lib/decode-text.js";
import { ownMember } from "../lib/json.js";
import { partition } from "../lib/lists.js";
import { type FilePath, readYaml, type YamlFile } from "../lib/yaml.js";
import { domainPattern, type OwnTools, unsatisfiableReason } from "./patterns.js";
import { isAlwaysQuiet } from "./quiet-hours.js";
import { allOf, cannotBeMet, type Who } from "./requirement.js";
import { type AccessRules, type CompiledAccess, type CompiledApproval, compileRules } from "./rules.js";
import { type ApprovalRule, type RulesFile, rulesSchema } from "./schema.js";

const EVERYONE = "everyone";

/**
 * Reads the rules file.
 * @param accounts the names of this server's accounts; a rule about none of them is a mistake
 * @param tools what rules can be about beside the clouds' operations; a rule about neither is a mistake, too
 * @param loginIssuer where people log in to approve; undefined if there is no page on which they could
 * @throws {Error} if it is not as it should be, or a rule in it could never be met
 */
export async function readRulesFile(
  path: string,
  accounts: readonly string[],
  tools: OwnTools,
  loginIssuer: string | undefined,
): Promise<AccessRules> {
  return rulesIn(decodeText(await readFile(path)), path, accounts, tools, loginIssuer);
}

/** The same, from text; where there are no tools beside the clouds' operations if none are given. */
export function rulesIn(
  text: string,
  name: string,
  accounts: readonly string[],
  tools = noTools,
  loginIssuer?: string,
): AccessRules {
  const file = readYaml(text, name, rulesSchema);
  return new RulesCompiler(file, accounts, tools, loginIssuer).rules();
}

const noTools: OwnTools = { ruled: [], jobs: [] };

class RulesCompiler {
  readonly #file: YamlFile<RulesFile>;
  readonly #accounts: readonly string[];
  readonly #tools: OwnTools;
  readonly #loginIssuer: string | undefined;

  constructor(
    file: YamlFile<RulesFile>,
    accounts: readonly string[],
    tools: OwnTools,
    loginIssuer: string | undefined,
  ) {
    this.#file = file;
    this.#accounts = accounts;
    this.#tools = tools;
    this.#loginIssuer = loginIssuer;
  }

  rules(): AccessRules {
    const { access, approvals, people, groups, question_minutes } = this.#file.value;
    this.#checkNames(Object.keys(people), Object.keys(groups));
    const compiledAccess = access.map(({ who, read = [], change = [], directories = [] }, index): CompiledAccess => {
      this.#checkAccounts(read, ["access", index, "read"]);
      this.#checkAccounts(change, ["access", index, "change"]);
      return { who: this.#who(who, ["access", index, "who"]), read, change, directories };
    });
    return compileRules(
      question_minutes * 60_000,
      new Map(Object.values(people).flatMap((ids) => [ids].flat().map((id) => [id, firstOf(ids)] as const))),
      compiledAccess,
      approvals.map((rule, index) => this.#approval(rule, ["approvals", index], compiledAccess)),
    );
  }

  #approval(rule: ApprovalRule, path: FilePath, given: readonly CompiledAccess[]): CompiledApproval {
    const { ask: askers, approve: approvers, quiet_hours: own = [], domains: names, ...rest } = rule;
    this.#checkAccounts(rule.accounts ?? [], [...path, "accounts"]);
    const unsatisfiable = unsatisfiableReason(rule, this.#tools);
    if (unsatisfiable !== undefined) throw this.#file.fault([...path, ...unsatisfiable.path], unsatisfiable.why);
    const domains = names && this.#domains(names, [...path, "domains"]);
    const ask = this.#who(askers, [...path, "ask"]);
    const requirement = {
      approve: this.#who(approvers, [...path, "approve"]),
      approvers: rule.approvers,
      askerMayApprove: rule.asker_may_approve,
      quietHours: [...(this.#file.value.quiet_hours ?? []), ...own],
    };
    if (isAlwaysQuiet(requirement.quietHours)) throw this.#file.fault(path, "its quiet hours never end");
    const known = this.#mayAsk(ask, rule, given);
    if (known.length === 0)
      throw this.#file.fault([...path, "ask"], "nobody in it may change one of the rule's accounts, as access says");
    const exceptAsker = rule.asker_may_approve ? "" : " besides the one who asks";
    if (known.every((asker) => cannotBeMet(requirement, asker)))
      throw this.#file.fault(
        path,
        `it asks for ${rule.approvers}, and there are not so many who may approve${exceptAsker}`,
      );
    const { can, cannot } = this.#whoCanLogIn(requirement.approve);
    if (known.every((asker) => cannotBeMet({ ...requirement, approve: can }, asker))) {
      const why = `whoever approves logs in on a page, and has an id that begins with ${this.#loginIssuer}#`;
      const others = `${cannot.join(", ")} ${cannot.length === 1 ? "does" : "do"} not`;
      throw this.#file.fault(
        [...path, "approve"],
        `it asks for ${rule.approvers}, and there are not so many who can approve${exceptAsker}: ${why}; ${others}`,
      );
    }
    return { ...rest, ...(domains && { domains }), ask, requirement };
  }

  /** The ids of those who may ask by the rule and change one of its accounts; "" is for those whom the file does not name. */
  #mayAsk(ask: Who, { accounts }: ApprovalRule, given: readonly CompiledAccess[]): readonly string[] {
    const about = this.#accounts.filter((name) => accounts?.some((pattern) => matchesText(pattern, name)) ?? true);
    const allowing = given.filter(({ change }) =>
      change.some((pattern) => about.some((name) => matchesText(pattern, name))),
    );
    const all = allOf(ask);
    if (all === undefined) return allowing.length === 0 ? [] : [""];
    return all.filter((id) => allowing.some(({ who }) => allOf(who)?.includes(id) ?? true));
  }

  /** A token of the tokens file, and a person of another issuer, may ask and cannot log in. */
  #whoCanLogIn(approve: Who): { readonly can: Who; readonly cannot: readonly string[] } {
    const issuer = this.#loginIssuer;
    if (issuer === undefined) return { can: approve, cannot: [] };
    const ids = Object.values(this.#file.value.people).map((given) => [given].flat());
    const isOfIssuer = (first: string) =>
      ids.some((own) => own[0] === first && own.some((id) => id.startsWith(`${issuer}#`)));
    const [people, cannot] = partition(approve.people, isOfIssuer);
    return { can: { ...approve, people }, cannot };
  }

  #domains([first, ...more]: readonly [string, ...string[]], path: FilePath): [string, ...string[]] {
    const inDns = (given: string, index: number) => {
      const pattern = domainPattern(given);
      if (pattern !== undefined) return pattern;
      throw this.#file.fault([...path, index], `${given} fits no domain name; write one such as *.shop.example.com`);
    };
    return [inDns(first, 0), ...more.map((given, index) => inDns(given, index + 1))];
  }

  #who(names: readonly string[], path: FilePath): Who {
    const { people, groups } = this.#file.value;
    const found = names.map((name, index): Who => {
      const ids = ownMember(people, name);
      if (ids !== undefined) return { everyone: false, people: [firstOf(ids)], providerGroups: [] };
      const group = ownMember(groups, name);
      if (group !== undefined) {
        const members = (group.people ?? []).map((member, position) => {
          const memberIds = ownMember(people, member);
          if (memberIds !== undefined) return firstOf(memberIds);
          throw this.#file.fault(["groups", name, "people", position], `${member} is not under people`);
        });
        return { everyone: false, people: members, providerGroups: [...(group.provider ?? [])] };
      }
      if (name === EVERYONE) return { everyone: true, people: [], providerGroups: [] };
      throw this.#file.fault([...path, index], `${name} is neither under people nor under groups`);
    });
    return {
      everyone: found.some(({ everyone }) => everyone),
      people: [...new Set(found.flatMap((each) => each.people))],
      providerGroups: [...new Set(found.flatMap((each) => each.providerGroups))],
    };
  }

  #checkNames(people: readonly string[], groups: readonly string[]): void {
    const both = groups.find((name) => people.includes(name));
    if (both !== undefined) throw this.#file.fault(["groups", both], "a person has the same name");
    const taken = [...people, ...groups].find((name) => name === EVERYONE);
    if (taken !== undefined)
      throw this.#file.fault([groups.includes(taken) ? "groups" : "people", taken], "everyone is everyone");
    const ids = Object.entries(this.#file.value.people).flatMap(([name, given]) =>
      [given].flat().map((id) => ({ name, id })),
    );
    const duplicate = ids.find(({ id }, index) => ids.findIndex((other) => other.id === id) < index);
    // Otherwise one person could appear under two approvers' names, and a reader would count two people.
    if (duplicate !== undefined)
      throw this.#file.fault(["people", duplicate.name], "another name has the same id, or this one has it twice");
  }

  #checkAccounts(patterns: readonly string[], path: FilePath): void {
    const unused = patterns.findIndex((pattern) => !this.#accounts.some((account) => matchesText(pattern, account)));
    if (unused >= 0) throw this.#file.fault([...path, unused], `${patterns[unused]} is no account of this server`);
  }
}

/** The id by which a person is known here. */
function firstOf(ids: string | readonly [string, ...string[]]): string {
  return typeof ids === "string" ? ids : ids[0];
}
