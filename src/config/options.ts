import { resolve } from "node:path";
import { matches } from "../catalogue/policy-patterns.js";
import {
  type Endpoints,
  endpointIds,
  type ServiceId,
  type Site,
  serviceIds,
  sites,
  withBothStores,
} from "../catalogue/services.js";
import { type Language, languages } from "../lib/language.js";
import { commaSeparated } from "../lib/lists.js";
import { writtenPath } from "../lib/paths.js";
import { receiverKinds } from "../notify/receiver.js";
import { asDatabaseSetting, asKeyReference } from "./database.js";
import { asNotifySettings, type NotifySetting } from "./notify.js";
import {
  anyText,
  asEdgeAddress,
  asEndpoint,
  duration,
  oneOf,
  option,
  optional,
  path,
  patterns,
  positive,
  region,
  repeatable,
  seconds,
  toggle,
  value,
} from "./option-types.js";
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
    form: "list",
    placeholder: "A,B",
    help: `Services to offer: ${serviceIds.join(", ")}. Default: those with credentials, or all if there are none`,
    fallback: undefined,
    parse: (values) => values.flatMap(commaSeparated).map((id) => oneOf(serviceIds, id)),
  }),
  tools: patterns(
    `Show the model only these tools: names (* is a wildcard) or groups: ${groupNames.join(", ")}. Jobs still use the others`,
    (pattern, tool) => isChosen([pattern], tool),
  ),
  readOnly: toggle("Offer and allow only reads"),
  accounts: optional(
    "FILE",
    "YAML file that names several accounts, instead of the credentials in the environment. Default: none",
    (text) => resolve(writtenPath(text)),
  ),
  site: value<Site>("SITE", `Tencent Cloud site: ${sites.join(" or ")}. Default: intl`, "intl", (text) =>
    oneOf(sites, text),
  ),
  tencentRegion: region("Tencent Cloud region whose SSL host is used, e.g. ap-singapore"),
  alibabaRegion: region("Alibaba Cloud region whose CDN host is used, e.g. ap-southeast-1"),
  huaweiRegion: region("Huawei Cloud region of the Live service, e.g. ap-southeast-3. Default: cn-north-4"),
  tencentSignature: value<TencentSignature>(
    "NAME",
    `Signature method for Tencent Cloud: ${tencentSignatures.join(", ")}. Default: TC3-HMAC-SHA256`,
    "TC3-HMAC-SHA256",
    (text) => oneOf(tencentSignatures, text),
  ),
  endpoint: option<Endpoints>({
    form: "list",
    placeholder: "SERVICE=URL",
    help: `Address to use instead of a service's own host; https, or http to a loopback address. SERVICE: ${endpointIds.join(", ")}; the last, the store in Singapore, follows alibaba-cas unless given`,
    fallback: {},
    parse: (values) => withBothStores(Object.fromEntries(values.flatMap(commaSeparated).map(asEndpoint))),
  }),
  timeout: seconds("Time limit of one call to a cloud", 60),
  language: optional<Language | undefined>(
    "LANGUAGE",
    `Language of what people read: approvals, notifications, and the output of commands except error messages: auto, ${languages.join(", ")}. Default: auto, the language of the browser or of LC_ALL, LC_MESSAGES or LANG`,
    (text) => (text === "auto" ? undefined : oneOf(languages, text)),
  ),
  approve: value<Approval>(
    "CHANNEL",
    `How a person is asked to approve: ${approvals.join(", ")}. Default: auto, which tries elicit, then page and terminal. For token see docs/approval.md`,
    "auto",
    (text) => oneOf(approvals, text),
  ),
  callTime: duration(
    `Time limit of one call, including planning, waiting for a person and following the rollout. At the limit the reply reports the state, and the same call made again continues. Default: ${callTimes.usual / 1000}, or ${callTimes.extended / 1000} for clients known to wait as long as there is progress`,
  ),
  approvalWait: duration(
    "How much of --call-time may be spent waiting for a person; if longer than the default of --call-time, the call takes that long, too. Default: all of it",
  ),
  tokenForDestructive: toggle("With --approve token: use it also for purchases and for what cannot be undone"),
  allowPurchases: toggle("Allow CreateCertificate to spend money, once a person has approved it"),
  allow: patterns("Allow only these operations: names (* is a wildcard), also as SERVICE/NAME", matches),
  deny: patterns("Deny these operations; takes precedence over --allow", matches),
  auditLog: path(
    "PATH",
    "File in which every change is recorded. Default: audit.jsonl in the user's state directory",
    "file",
  ),
  jobs: path(
    "DIR",
    "Directory of the journal of deployments. Default: jobs in the user's state directory; the sandbox's journal is deleted with the sandbox",
    "directory",
  ),
  database: optional(
    "URL",
    "PostgreSQL database that several servers share, instead of files: postgres://…, or a reference to that URL, env:NAME or file:/PATH. Default: none. See docs/team-server.md",
    asDatabaseSetting,
  ),
  stateKey: optional(
    "REFERENCE",
    "With --database: key of 32 bytes in base64, the same for all servers, which the database never sees; by reference, env:NAME or file:/PATH",
    asKeyReference,
  ),
  evidenceKey: path("PATH", "Ed25519 private key, in PEM, for signing evidence. Default: none", "file"),
  notify: option<readonly NotifySetting[]>({
    form: "list",
    placeholder: "KIND=ADDRESS[,SECRET]",
    help: `Receivers that are notified of waiting plans and of jobs: ${receiverKinds.join(", ")}. Address and signing secret by reference, env:NAME or file:/PATH. See docs/notifications.md`,
    fallback: [],
    parse: asNotifySettings,
  }),
  edgeDomains: repeatable(
    "PATTERN",
    "Domains whose served certificate may be checked (* is a wildcard). Default: any domain that a call names",
    anyText,
  ),
  edgePrivate: toggle("Check served certificates on private addresses, too"),
  edge: repeatable(
    "ADDRESS:PORT",
    "Address to connect to instead of the addresses of every domain that is checked; must be a loopback address",
    asEdgeAddress,
  ),
  files: option<readonly string[]>({
    form: "list",
    placeholder: "DIR",
    help: "Directory from which file: references are read and to which save_to_file writes. Default: none",
    fallback: [],
    parse: (values) => values.filter((text) => text.trim() !== "").map((text) => resolve(writtenPath(text))),
  }),
  envPrefix: optional(
    "PREFIX",
    "Prefix of the variables that env: references may read; ends in _. Default: none",
    (text) => {
      if (!/^[A-Za-z_][A-Za-z0-9_]*_$/.test(text)) throw new Error(`"${text}" is not a name that ends in _`);
      return text;
    },
  ),
  allowInlineSecrets: toggle("Accept private keys and passwords as text in the conversation"),
  showPersonalData: toggle("Show names, addresses and phone numbers in certificate orders in full"),
  sandbox: toggle("Use a sandbox of the three clouds inside this process; credentials are not read"),
  sandboxSpeed: value<number>(
    "FACTOR",
    "Factor by which slow operations are sped up in the sandbox; 1: as slow as at a real cloud. Default: 30",
    30,
    positive,
  ),
  sandboxDomains: value<number>(
    "NUMBER",
    "Number of domains to add to the sandbox's demo domains, across all services. Default: none",
    0,
    (text) => Math.floor(positive(text)),
  ),
};

export type OptionName = keyof typeof options;
export type Configuration = { readonly [Name in OptionName]: (typeof options)[Name]["fallback"] };
