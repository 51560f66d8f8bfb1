import { z } from "zod";
import { editDistance } from "../../catalogue/edit-distance.js";
import type { Operation } from "../../catalogue/operation.js";
import { adviceOnOtherProduct } from "../../catalogue/other-products.js";
import { innermost } from "../../catalogue/params.js";
import { type ServiceId, tencentSsl } from "../../catalogue/services.js";

/** Names under which models wrap all arguments. */
const envelopes: readonly string[] = ["arguments", "args", "params", "parameters", "kwargs", "input", "tool_input"];

/** How many unknown members are named. */
const MAX_UNKNOWN_NAMED = 8;

/** Tells the services from other choices. */
const ofServices: ServiceId = "alibaba-cdn";

/** An issue in words for the model: where it is, and what to send instead. */
export function describeIssue(issue: z.ZodIssue, tool: Pick<Operation, "name" | "params">): string {
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const known = membersAt(tool.params, issue.path);
    const told = issue.keys.slice(0, MAX_UNKNOWN_NAMED).map((key) => describeUnknown(key, known, path || tool.name));
    const more = issue.keys.length - told.length;
    return `${told.join("; ")}${more > 0 ? `; and ${more} more` : ""}${listed(known)}`;
  }
  if (issue.code === "invalid_enum_value") {
    const options = issue.options.map(String);
    const instead = options.includes(ofServices)
      ? adviceOnOtherProduct(String(issue.received), throughSsl(tool, issue.path, options))
      : undefined;
    if (instead !== undefined) return `${path}: ${issue.message}; ${instead}`;
    const meant = likelyOption(String(issue.received), options);
    return `${path}: ${issue.message}${meant === undefined ? "" : `; did you mean ${meant}?`}`;
  }
  // Of a member that is missing, zod says only that it is required; its values are what "expected" holds.
  if (issue.code === "invalid_type" && issue.received === "undefined" && issue.expected.includes("|"))
    return `${path}: ${issue.message}, one of ${issue.expected.replaceAll(" | ", ", ")}`;
  if (issue.code !== "invalid_type" || issue.received === "undefined") return `${path}: ${issue.message}`;
  const instead = issue.expected === "array" ? arrayAt(tool.params, issue.path) : instructions[`${issue.expected}`];
  return instead === undefined ? `${path}: ${issue.message}` : `${path}: ${issue.message}; send ${instead}`;
}

/** How SSL Certificates of Tencent Cloud is named for a product that takes its certificates from there; undefined where it cannot be. */
function throughSsl(
  { params }: Pick<Operation, "params">,
  [first]: z.ZodIssue["path"],
  services: readonly string[],
): string | undefined {
  if (!services.includes(tencentSsl.id)) return undefined;
  if (first === "targets")
    return "name that service, in a target of deploy_certificate with old_certificate_id, the certificate in use there";
  const uses = Object.hasOwn(params.shape, "with_bindings") ? "; with_bindings shows what uses each" : "";
  return `name ${tencentSsl.id}${uses}`;
}

function describeUnknown(key: string, known: readonly string[], of: string): string {
  const unknown = `${key} is not a member of ${of}`;
  const meant = closestTo(key, known);
  if (meant !== undefined) return `${unknown}, did you mean ${meant}?`;
  const [, to, how] = commonMisnamings.find(([names, member]) => known.includes(member) && names.test(key)) ?? [];
  if (to !== undefined) return `${unknown}; ${how}`;
  return envelopes.includes(key)
    ? `${unknown}; send what is in it as the arguments themselves, a JSON object`
    : unknown;
}

/** Names under which models pass what another member takes: the member, and how it takes that. */
const commonMisnamings: readonly (readonly [names: RegExp, member: string, how: string])[] = [
  [
    /^(?:ca_?)?(?:chain|bundle|intermediates?)$/i,
    "certificate",
    "the chain goes into certificate, in one text or file after the leaf",
  ],
  [/^(?:cert|crt|pem|full_?chain|public_?key)$/i, "certificate", "did you mean certificate?"],
  [/^(?:priv_?)?key$/i, "private_key", "did you mean private_key?"],
  [
    /^(?:private_)?(?:key_)?pass(?:word|phrase)$/i,
    "private_key",
    'the password is part of the reference to the key: "file:PATH;password=env:NAME"',
  ],
  [/^(?:domains?|hosts?)$/i, "targets", 'name them in targets: [{"domains": ["…"]}]'],
];

/** The value that another spelling, or a part of it, stands for; undefined if several do. */
function likelyOption(written: string, options: readonly string[]): string | undefined {
  const part = folded(written);
  const holding = part.length < 4 ? [] : options.filter((option) => folded(option).includes(part));
  return holding.length === 1 ? holding[0] : closestTo(written, options);
}

const listed = (known: readonly string[]) => ` (known: ${known.length > 0 ? known.join(", ") : "none"})`;

const instructions: Readonly<Record<string, string>> = {
  object: "a JSON object, not its text",
  boolean: "true or false",
  number: "a whole number in digits",
  string: "text in quotation marks",
};

function arrayAt(schema: z.ZodTypeAny, path: readonly (string | number)[]): string {
  const [first] = membersAt(schema, [...path, 0]);
  const items = first === undefined ? '"a", "b"' : `{"${first}": …}`;
  return `a JSON array${first === undefined ? "" : " of objects"}, such as [${items}], not its text`;
}

/** The member names of the structure at `path`. */
function membersAt(schema: z.ZodTypeAny, path: readonly (string | number)[]): readonly string[] {
  const kind = innermost(schema);
  const [first, ...rest] = path;
  if (kind instanceof z.ZodArray) return membersAt(kind.element, typeof first === "number" ? rest : path);
  if (!(kind instanceof z.ZodObject)) return [];
  const shape: Readonly<Record<string, z.ZodTypeAny>> = kind.shape;
  if (first === undefined) return Object.keys(shape);
  const member = shape[first];
  return member === undefined ? [] : membersAt(member, rest);
}

/** In lower case, without word separators. */
const folded = (name: string) => name.replace(/[-_\s]/g, "").toLowerCase();

/** The one of `names` that `name` probably misspells: another case style, or a few letters off. */
export function closestTo(name: string, names: readonly string[]): string | undefined {
  const wanted = folded(name);
  const within = wanted.length < 5 ? 1 : 2;
  const near = names
    // Length alone rules out most candidates, and all for a very long name.
    .filter((candidate) => Math.abs(folded(candidate).length - wanted.length) <= within)
    .map((candidate) => ({ candidate, far: editDistance(wanted, folded(candidate)) }))
    .filter(({ candidate, far }) => far <= within && far < folded(candidate).length)
    .sort((one, other) => one.far - other.far);
  return near[0]?.candidate;
}
