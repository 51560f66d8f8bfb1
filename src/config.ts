import { parseArgs } from "node:util";
import { matches } from "./catalogue/matching.js";
import { type ServiceId, type Site, serviceIds, sites } from "./catalogue/services.js";
import { type ListedTool, listedTools } from "./listed.js";
import { groupNames, isChosen } from "./toolsets.js";

/** A flag or variable that does not parse; its message is one line for the operator. */
export class ConfigurationError extends Error {}

interface Option<Value> {
  /** `switch` takes no value on the command line, `list` may be given more than once. */
  readonly form: "switch" | "value" | "list";
  /** What stands for the value in the help text. */
  readonly placeholder?: string;
  readonly help: string;
  readonly fallback: Value;
  /** @throws {Error} saying what is wrong with the value */
  parse(values: readonly string[]): Value;
}

export const tencentSignatures = ["TC3-HMAC-SHA256", "HmacSHA256", "HmacSHA1"] as const;
export type TencentSignature = (typeof tencentSignatures)[number];

export const approvals = ["auto", "elicit", "page", "terminal", "token"] as const;
export type Approval = (typeof approvals)[number];

/** Every setting. The flag is the name in kebab case, the variable the same in capitals after `CLOUDCERT_`. */
export const options = {
  services: option<readonly ServiceId[] | undefined>({
    form: "value",
    placeholder: "A,B",
    help: `Services to offer: ${serviceIds.join(", ")}. Default: those with credentials, or all when there are none`,
    fallback: undefined,
    parse: ([value = ""]) => commaSeparated(value).map((id) => oneOf(serviceIds, id)),
  }),
  tools: patterns(
    `Show the model only these tools: names with *, or groups: ${groupNames.join(", ")}. Jobs still use the others`,
    (pattern, tool) => isChosen([pattern], tool),
  ),
  readOnly: option<boolean>({
    form: "switch",
    help: "Offer and allow reads only",
    fallback: false,
    parse: asSwitch,
  }),
  site: option<Site>({
    form: "value",
    placeholder: "SITE",
    help: `Tencent Cloud site: ${sites.join(" or ")}. Default: intl`,
    fallback: "intl",
    parse: ([value = ""]) => oneOf(sites, value),
  }),
  tencentRegion: region("Tencent Cloud region whose host is used for SSL, e.g. ap-singapore"),
  alibabaRegion: region("Alibaba Cloud region whose CDN host is used, e.g. ap-southeast-1"),
  huaweiRegion: region("Huawei Cloud region of the Live service, e.g. ap-southeast-3. Default: cn-north-4"),
  tencentSignature: option<TencentSignature>({
    form: "value",
    placeholder: "NAME",
    help: `Signature for Tencent Cloud: ${tencentSignatures.join(", ")}. Default: the first`,
    fallback: "TC3-HMAC-SHA256",
    parse: ([value = ""]) => oneOf(tencentSignatures, value),
  }),
  endpoint: option<Partial<Readonly<Record<ServiceId, URL>>>>({
    form: "list",
    placeholder: "SERVICE=URL",
    help: "Address that stands in for a service's host; https, or http to a loopback address",
    fallback: {},
    parse: (values) => Object.fromEntries(values.flatMap(commaSeparated).map(asEndpoint)),
  }),
  timeout: seconds("Longest time for one call to a cloud", 60),
  approve: option<Approval>({
    form: "value",
    placeholder: "CHANNEL",
    help: `How a person is asked: ${approvals.join(", ")}. Default: elicit, then page and terminal. token: see the README`,
    fallback: "auto",
    parse: ([value = ""]) => oneOf(approvals, value),
  }),
  approvalWait: seconds("How long a call waits for a person before it answers that it is waiting", 60),
  tokenForDestructive: option<boolean>({
    form: "switch",
    help: "With token: also for what cannot be undone and for purchases",
    fallback: false,
    parse: asSwitch,
  }),
  allowPurchases: option<boolean>({
    form: "switch",
    help: "Let CreateCertificate spend money, once approved",
    fallback: false,
    parse: asSwitch,
  }),
  allow: patterns("Only these operations: names with *, also as SERVICE/NAME", matches),
  deny: patterns("None of these operations; wins over --allow", matches),
  auditLog: path("PATH", "Where every change is recorded. Default: audit.jsonl in the user's state directory"),
  jobs: path("DIR", "Where the journal of deployments is kept. Default: jobs in the user's state directory"),
  edgeDomains: option<readonly string[]>({
    form: "list",
    placeholder: "PATTERN",
    help: "Domains whose served certificate may be looked at, with *. Default: any that a call names",
    fallback: [],
    parse: (values) => values.flatMap(commaSeparated),
  }),
  edgePrivate: option<boolean>({
    form: "switch",
    help: "Look at served certificates on private addresses too",
    fallback: false,
    parse: asSwitch,
  }),
  edge: option<readonly { readonly address: string; readonly port: number }[]>({
    form: "list",
    placeholder: "ADDRESS:PORT",
    help: "Address that stands in for those of every domain that is looked at; a loopback address",
    fallback: [],
    parse: (values) => values.flatMap(commaSeparated).map(asEdgeAddress),
  }),
  files: option<readonly string[]>({
    form: "list",
    placeholder: "DIR",
    help: "Directory from which file: references are read and into which save_to_file writes. None by default",
    fallback: [],
    parse: (values) => values.filter((value) => value !== ""),
  }),
  envPrefix: option<string | undefined>({
    form: "value",
    placeholder: "PREFIX",
    help: "Beginning of the names of variables that env: references may read. None by default",
    fallback: undefined,
    parse: ([value = ""]) => {
      if (!/^[A-Za-z_][A-Za-z0-9_]*_$/.test(value)) throw new Error(`"${value}" is not a name that ends in _`);
      return value;
    },
  }),
  allowInlineSecrets: option<boolean>({
    form: "switch",
    help: "Take private keys and passwords as text of the conversation",
    fallback: false,
    parse: asSwitch,
  }),
  showPersonalData: option<boolean>({
    form: "switch",
    help: "Show names, addresses and phone numbers of certificate orders in full",
    fallback: false,
    parse: asSwitch,
  }),
  sandbox: option<boolean>({
    form: "switch",
    help: "Work on a sandbox of the three clouds inside this process; credentials are not read",
    fallback: false,
    parse: asSwitch,
  }),
  sandboxSpeed: option<number>({
    form: "value",
    placeholder: "FACTOR",
    help: "How many times faster waiting passes inside the sandbox. Default: 1",
    fallback: 1,
    parse: ([value = ""]) => positive(value),
  }),
};

type Options = typeof options;
export type OptionName = keyof Options;
export type Configuration = { readonly [Name in OptionName]: Options[Name]["fallback"] };

const PREFIX = "CLOUDCERT_";

export const flagOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
export const variableOf = (name: string) => PREFIX + flagOf(name).replaceAll("-", "_").toUpperCase();

const optionNames = Object.keys(options).filter((name): name is OptionName => name in options);

/**
 * Reads the settings; a flag wins over its variable.
 * @throws {ConfigurationError} for anything that is unknown or does not parse
 */
export function readConfiguration(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Configuration {
  const flags = readFlags(args);
  refuseUnknownVariables(env);
  const read = <Name extends OptionName>(name: Name): Options[Name]["fallback"] => {
    const { fallback, parse }: Option<Options[Name]["fallback"]> = options[name];
    const flag = flags.get(flagOf(name));
    const variable = env[variableOf(name)];
    if (flag !== undefined) return explained(`--${flagOf(name)}`, () => parse(flag));
    if (variable !== undefined && variable !== "") return explained(variableOf(name), () => parse([variable]));
    return fallback;
  };
  return {
    services: read("services"),
    tools: read("tools"),
    readOnly: read("readOnly"),
    site: read("site"),
    tencentRegion: read("tencentRegion"),
    alibabaRegion: read("alibabaRegion"),
    huaweiRegion: read("huaweiRegion"),
    tencentSignature: read("tencentSignature"),
    endpoint: read("endpoint"),
    timeout: read("timeout"),
    approve: read("approve"),
    approvalWait: read("approvalWait"),
    tokenForDestructive: read("tokenForDestructive"),
    allowPurchases: read("allowPurchases"),
    allow: read("allow"),
    deny: read("deny"),
    auditLog: read("auditLog"),
    jobs: read("jobs"),
    edgeDomains: read("edgeDomains"),
    edgePrivate: read("edgePrivate"),
    edge: read("edge"),
    files: read("files"),
    envPrefix: read("envPrefix"),
    allowInlineSecrets: read("allowInlineSecrets"),
    showPersonalData: read("showPersonalData"),
    sandbox: read("sandbox"),
    sandboxSpeed: read("sandboxSpeed"),
  };
}

/**
 * The settings as lines for `--help`.
 * @param inWords what to say of one, `help` being what the program says
 */
export function helpLines(inWords = (_: OptionName, help: string) => help): string[] {
  return optionNames.map((name) => {
    const { placeholder, help }: Option<unknown> = options[name];
    const flag = `--${flagOf(name)}${placeholder === undefined ? "" : ` ${placeholder}`}`;
    return `  ${flag.padEnd(26)} ${inWords(name, help)} (${variableOf(name)})`;
  });
}

function readFlags(args: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const known = Object.fromEntries(
    optionNames.map((name) => {
      const type: "boolean" | "string" = options[name].form === "switch" ? "boolean" : "string";
      return [flagOf(name), { type, multiple: true }];
    }),
  );
  try {
    const { values } = parseArgs({ args: [...args], options: known, allowPositionals: false });
    return new Map(Object.entries(values).map(([flag, given]) => [flag, [given ?? []].flat().map(String)]));
  } catch (error) {
    throw new ConfigurationError(messageOf(error).split(/\.? To specify/)[0]);
  }
}

function refuseUnknownVariables(env: Readonly<Record<string, string | undefined>>): void {
  const known = new Set(optionNames.map(variableOf));
  const unknown = Object.keys(env).find((name) => name.startsWith(PREFIX) && !known.has(name));
  if (unknown !== undefined) throw new ConfigurationError(`Unknown variable ${unknown}`);
}

function explained<Value>(source: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    throw new ConfigurationError(`${source}: ${messageOf(error)}`);
  }
}

function option<Value>(spec: Option<Value>): Option<Value> {
  return spec;
}

function region(help: string) {
  return option<string | undefined>({
    form: "value",
    placeholder: "REGION",
    help,
    fallback: undefined,
    parse: ([value = ""]) => {
      // The name becomes a label of the host, so it must not bring a dot or a slash along.
      if (!/^[a-z]{2,}(-[a-z0-9]+)+$/.test(value)) throw new Error(`"${value}" is not the name of a region`);
      return value;
    },
  });
}

function path(placeholder: string, help: string) {
  return option<string | undefined>({
    form: "value",
    placeholder,
    help,
    fallback: undefined,
    parse: ([value = ""]) => {
      if (value === "") throw new Error("a path is needed");
      return value;
    },
  });
}

/** Tools by pattern. One that matches none is a slip that would leave a hole, so it refuses to start. */
function patterns(help: string, names: (pattern: string, tool: ListedTool) => boolean) {
  return option<readonly string[]>({
    form: "list",
    placeholder: "PATTERN",
    help,
    fallback: [],
    parse: (values) =>
      values.flatMap(commaSeparated).map((pattern) => {
        if (!listedTools.some((tool) => names(pattern, tool))) throw new Error(`"${pattern}" matches no tool`);
        return pattern;
      }),
  });
}

/** A duration, read in seconds and kept in milliseconds. */
function seconds(help: string, fallback: number) {
  return option<number>({
    form: "value",
    placeholder: "SECONDS",
    help: `${help}. Default: ${fallback}`,
    fallback: fallback * 1000,
    parse: ([value = ""]) => positive(value) * 1000,
  });
}

function asSwitch([value = ""]: readonly string[]): boolean {
  return oneOf(["true", "false", "1", "0"] as const, value) === "true" || value === "1";
}

const loopbackNames: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

function asEndpoint(value: string): [ServiceId, URL] {
  const [id = "", ...rest] = value.split("=");
  const url = new URL(rest.join("="));
  const loopback = loopbackNames.includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback)) {
    throw new Error("an endpoint is https, or http to a loopback address");
  }
  if (url.href !== `${url.origin}/`) throw new Error("an endpoint is no more than scheme, host and port");
  return [oneOf(serviceIds, id), url];
}

/** Only a sandbox's edge stands in for others: a mistyped address must not pass for what the world sees. */
function asEdgeAddress(value: string): { address: string; port: number } {
  const { hostname, port } = new URL(`tls://${value}`);
  const address = hostname.replace(/^\[|\]$/g, "");
  if (!loopbackNames.includes(hostname) || port === "")
    throw new Error(`"${value}" is not a loopback address and port`);
  return { address, port: Number(port) };
}

function oneOf<const Value extends string>(values: readonly Value[], value: string): Value {
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) throw new Error(`"${value}" is not one of ${values.join(", ")}`);
  return found;
}

function positive(value: string): number {
  const number = Number(value);
  if (!(number > 0 && Number.isFinite(number))) throw new Error(`"${value}" is not a number above 0`);
  return number;
}

function commaSeparated(value: string): string[] {
  return value.split(",").map((part) => part.trim());
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
