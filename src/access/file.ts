import { readFile } from "node:fs/promises";
import { matchesText } from "../catalogue/matching.js";
import { ownMember } from "../lib/json.js";
import { type FilePath, readYaml, type YamlFile } from "../lib/yaml.js";
import { domainPattern, neverFits, type OwnTools } from "./patterns.js";
import { isAlwaysQuiet } from "./quiet-hours.js";
import { allOf, cannotBeMet, type Who } from "./requirement.js";
import { type AccessRules, type CompiledApproval, writtenRules } from "./rules.js";
import { type ApprovalRule, type RulesFile, rulesSchema } from "./schema.js";

const EVERYONE = "everyone";

/**
 * Reads the rules file.
 * @param accounts the names of this server's accounts; a rule about none of them is a mistake
 * @param tools what rules can be about beside the clouds' operations; a rule about neither is a mistake, too
 * @throws {FileFault} if it is not as it should be, or a rule in it could never be met
 */
export async function readRulesFile(path: string, accounts: readonly string[], tools: OwnTools): Promise<AccessRules> {
  return rulesIn(await readFile(path, "utf8"), path, accounts, tools);
}

/** The same, from text; where there are no tools beside the clouds' operations if none are given. */
export function rulesIn(text: string, name: string, accounts: readonly string[], tools = noTools): AccessRules {
  const file = readYaml(text, name, rulesSchema);
  return new RulesCompiler(file, accounts, tools).rules();
}

const noTools: OwnTools = { ruled: [], jobs: [] };

class RulesCompiler {
  readonly #file: YamlFile<RulesFile>;
  readonly #accounts: readonly string[];
  readonly #tools: OwnTools;

  constructor(file: YamlFile<RulesFile>, accounts: readonly string[], tools: OwnTools) {
    this.#file = file;
    this.#accounts = accounts;
    this.#tools = tools;
  }

  rules(): AccessRules {
    const { access, approvals, people, groups, question_minutes } = this.#file.value;
    this.#checkNames(Object.keys(people), Object.keys(groups));
    return writtenRules(
      question_minutes * 60_000,
      new Map(Object.values(people).flatMap((ids) => [ids].flat().map((id) => [id, firstOf(ids)] as const))),
      access.map(({ who, read = [], change = [], directories = [] }, index) => {
        this.#checkAccounts(read, ["access", index, "read"]);
        this.#checkAccounts(change, ["access", index, "change"]);
        return { who: this.#who(who, ["access", index, "who"]), read, change, directories };
      }),
      approvals.map((rule, index) => this.#approval(rule, ["approvals", index])),
    );
  }

  #approval(rule: ApprovalRule, path: FilePath): CompiledApproval {
    const { ask: askers, approve: approvers, quiet_hours: own = [], domains: names, ...rest } = rule;
    this.#checkAccounts(rule.accounts ?? [], [...path, "accounts"]);
    const misfit = neverFits(rule, this.#tools);
    if (misfit !== undefined) throw this.#file.fault([...path, ...misfit.path], misfit.why);
    const domains = names && this.#domains(names, [...path, "domains"]);
    const ask = this.#who(askers, [...path, "ask"]);
    const requirement = {
      approve: this.#who(approvers, [...path, "approve"]),
      approvers: rule.approvers,
      askerMayApprove: rule.asker_may_approve,
      quietHours: [...(this.#file.value.quiet_hours ?? []), ...own],
    };
    if (isAlwaysQuiet(requirement.quietHours)) throw this.#file.fault(path, "its quiet hours never end");
    const known = allOf(ask) ?? [""];
    if (known.every((asker) => cannotBeMet(requirement, asker))) {
      const less = rule.asker_may_approve ? "" : " besides the one who asks";
      throw this.#file.fault(path, `it asks for ${rule.approvers}, and there are not so many who may approve${less}`);
    }
    return { ...rest, ...(domains && { domains }), ask, requirement };
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
    const twice = ids.find(({ id }, index) => ids.findIndex((other) => other.id === id) < index);
    // Otherwise one person could appear under two approvers' names, and a reader would count two people.
    if (twice !== undefined)
      throw this.#file.fault(["people", twice.name], "another name has the same id, or this one has it twice");
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
