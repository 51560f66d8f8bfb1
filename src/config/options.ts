import { matches } from "../catalogue/matching.js";
import { type ServiceId, type Site, serviceIds, sites } from "../catalogue/services.js";
import { type Language, languages } from "../lib/language.js";
import { writtenPath } from "../lib/paths.js";
import {
  asEdgeAddress,
  asEndpoint,
  commaSeparated,
  duration,
  oneOf,
  option,
  path,
  patterns,
  positive,
  region,
  seconds,
  toggle,
} from "./kinds.js";
import { groupNames, isChosen } from "./toolsets.js";

/** How long a call may take by default, in milliseconds. */
export const callTimes = {
  /**
   * Below the minute after which most clients give up on a call: it is the default of the SDKs for TypeScript, of
   * MCPorter and of Claude Desktop, and progress extends it in none of them unless the client's author enabled that
   * (modelcontextprotocol/typescript-sdk pull requests 152, 1393; anthropics/claude-code issue 22542).
   */
  usual: 50_000,
  /** If progress keeps a call alive: below the five minutes that an approval is valid. */
  extended: 240_000,
};

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
  readOnly: toggle("Offer and allow reads only"),
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
  language: option<Language | undefined>({
    form: "value",
    placeholder: "LANGUAGE",
    help: `Language of what a person is asked: auto, ${languages.join(", ")}. Default: auto, that of the browser or of LC_ALL, LC_MESSAGES or LANG`,
    fallback: undefined,
    parse: ([value = ""]) => (value === "auto" ? undefined : oneOf(languages, value)),
  }),
  approve: option<Approval>({
    form: "value",
    placeholder: "CHANNEL",
    help: `How a person is asked: ${approvals.join(", ")}. Default: elicit, then page and terminal. token: see docs/approval.md`,
    fallback: "auto",
    parse: ([value = ""]) => oneOf(approvals, value),
  }),
  callTime: duration(
    `Longest time of one call, with planning, waiting for a person and following; then it reports the state, and the same call continues. Default: ${callTimes.usual / 1000}, or ${callTimes.extended / 1000} where a client is known to wait as long as there is progress`,
  ),
  approvalWait: duration("The part of it that is spent waiting for a person. Default: all of it"),
  tokenForDestructive: toggle("With token: also for what cannot be undone and for purchases"),
  allowPurchases: toggle("Let CreateCertificate spend money, once approved"),
  allow: patterns("Only these operations: names with *, also as SERVICE/NAME", matches),
  deny: patterns("None of these operations; wins over --allow", matches),
  auditLog: path("PATH", "Where every change is recorded. Default: audit.jsonl in the user's state directory", "file"),
  jobs: path(
    "DIR",
    "Where the journal of deployments is kept. Default: jobs in the user's state directory; the sandbox's ends with it",
    "directory",
  ),
  edgeDomains: option<readonly string[]>({
    form: "list",
    placeholder: "PATTERN",
    help: "Domains whose served certificate may be looked at, with *. Default: any that a call names",
    fallback: [],
    parse: (values) => values.flatMap(commaSeparated),
  }),
  edgePrivate: toggle("Look at served certificates on private addresses too"),
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
    parse: (values) => values.filter((value) => value.trim() !== "").map((value) => writtenPath(value)),
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
  allowInlineSecrets: toggle("Take private keys and passwords as text of the conversation"),
  showPersonalData: toggle("Show names, addresses and phone numbers of certificate orders in full"),
  sandbox: toggle("Work on a sandbox of the three clouds inside this process; credentials are not read"),
  sandboxSpeed: option<number>({
    form: "value",
    placeholder: "FACTOR",
    help: "How many times faster waiting passes inside the sandbox; 1: as long as at a real cloud. Default: 30",
    fallback: 30,
    parse: ([value = ""]) => positive(value),
  }),
};

export type Options = typeof options;
export type OptionName = keyof Options;
export type Configuration = { readonly [Name in OptionName]: Options[Name]["fallback"] };
