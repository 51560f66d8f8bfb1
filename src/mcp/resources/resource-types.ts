import { z } from "zod";
import type { Caller } from "../../approval/channel.js";
import { explainError } from "../../catalogue/errors/index.js";
import type { Operation } from "../../catalogue/operation.js";
import { tencentSsl } from "../../catalogue/services.js";
import {
  describeCertificateDetail,
  describeCertificateDetailWithoutKey,
} from "../../catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeCertificates } from "../../catalogue/tencent-ssl/describe-certificates.js";
import { isoOf } from "../../catalogue/tencent-ssl/time.js";
import { formatId, formatName, formatTime } from "../../lib/safe-text.js";
import { ToolError } from "../../lib/tool-error.js";
import type { CallContext } from "../../pipeline/call-context.js";
import { executeCall } from "../../pipeline/execute-call.js";
import type { OwnTool } from "../../pipeline/tool.js";
import { withoutEmpty } from "../../reply/empty.js";
import type { AccountCache, CertificateRow } from "../account-cache.js";
import { errorPage } from "./pages/error.js";
import { operationPage } from "./pages/operation.js";

/** What the resources are about. */
export interface ResourceDeps {
  readonly context: CallContext;
  readonly operations: readonly Operation[];
  readonly accountCache: AccountCache;
  /** Lists the jobs, if the operator allows that. */
  readonly listJobs: OwnTool | undefined;
}

/** What a variable of a template holds. */
export type VariableKind = "operation" | "service" | "error code" | "certificate" | "job";

interface ResourceEntry {
  /** The variables of the template, in order. */
  readonly segments: readonly string[];
  readonly title: string;
  readonly description: string;
}

/** Resources of one kind, at `cloudcert://NAME/` and a value for each variable. */
export interface ResourceType {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: "application/json" | "text/markdown";
  /** Variables of the template in order, and what each holds. */
  readonly variables: Readonly<Record<string, VariableKind>>;
  /** The listed resources; there may be more. */
  list(): Promise<readonly ResourceEntry[]>;
  /** The text; undefined if there is no such resource. @throws {ToolError} if it could not be read */
  read(at: readonly string[], caller: Caller): Promise<string | undefined>;
}

const listedJobs = 20;
const listedCertificates = 100;

/** The kinds of resource that this server offers. */
export function createResourceTypes(deps: ResourceDeps): readonly ResourceType[] {
  const { context, operations, listJobs } = deps;
  // A client that is not offered the tool, which also returns the key, may still read the rest.
  const reads: readonly string[] = [describeCertificateDetail.name, describeCertificates.name];
  const certificates =
    operations.some(({ name }) => reads.includes(name)) &&
    context.cloud.exclusionOf(describeCertificateDetailWithoutKey) === undefined &&
    context.services.has(tencentSsl);
  return [
    operationPages(deps),
    errorPages(deps),
    ...(certificates ? [certificatesIn(deps)] : []),
    ...(listJobs ? [jobsIn(deps, listJobs)] : []),
  ];
}

function operationPages({ operations }: ResourceDeps): ResourceType {
  return {
    name: "operations",
    title: "Operation",
    description: "Parameters, results, effect, limits and errors of an operation",
    mimeType: "text/markdown",
    variables: { name: "operation" },
    list: async () =>
      operations.map(({ name, title, service }) => ({
        segments: [name],
        title: name,
        description: `${service.title}: ${title}`,
      })),
    read: async ([name]) => {
      const operation = operations.find((candidate) => candidate.name === name);
      return operation && operationPage(operation);
    },
  };
}

function errorPages({ operations }: ResourceDeps): ResourceType {
  return {
    name: "errors",
    title: "Error code",
    description: "What an error code of a service means, and what to do about it",
    mimeType: "text/markdown",
    variables: { service: "service", code: "error code" },
    // Hundreds of codes would bury the rest; completion finds them.
    list: async () => [],
    read: async ([service, code = ""]) => {
      const known = operations.find((operation) => operation.service.id === service)?.service;
      return known && errorPage(known, code);
    },
  };
}

function certificatesIn({ context, accountCache }: ResourceDeps): ResourceType {
  return {
    name: "certificates",
    title: "Certificate",
    description: "A certificate at Tencent Cloud SSL as it is now, without its private key",
    mimeType: "application/json",
    variables: { id: "certificate" },
    list: async () => {
      const { rows } = await accountCache.certificates();
      return rows.slice(0, listedCertificates).map((row) => ({
        segments: [row.CertificateId],
        title: titleOf(row),
        description: row.CertEndTime
          ? `Expires ${formatTime(isoOf(row.CertEndTime) ?? row.CertEndTime)}`
          : "Not issued",
      }));
    },
    read: async ([id = ""], caller) => {
      try {
        const call = { tool: describeCertificateDetailWithoutKey, args: { CertificateId: id }, caller };
        const { result, notes } = await executeCall(call, context);
        // The notes refer to calling again, so the operation must be named.
        const from = `Answer of ${describeCertificateDetail.name}, without the private key.`;
        return JSON.stringify(withoutEmpty({ ...result, notes: [from, ...notes] }), null, 2);
      } catch (error) {
        if (error instanceof ToolError && isNotFound(error)) return undefined;
        throw error;
      }
    },
  };
}

function titleOf({ CertificateId, Domain, Alias }: CertificateRow): string {
  const name = Domain ? formatName(Domain) : formatId(CertificateId);
  return Alias ? `${name} (${formatId(Alias)})` : String(name);
}

function isNotFound({ details: { code } }: ToolError): boolean {
  return code !== undefined && explainError(tencentSsl, code)?.kind === "not-found";
}

const jobsReply = z.object({ jobs: z.array(z.record(z.unknown())) });

function jobsIn({ context }: ResourceDeps, listJobs: OwnTool): ResourceType {
  return {
    name: "jobs",
    title: "Job",
    description: "A job, with the state of each target",
    mimeType: "application/json",
    variables: { id: "job" },
    list: async () =>
      (await context.journal.list()).slice(0, listedJobs).map(({ id, kind, startedAt, targets, certificate }) => ({
        segments: [id],
        title: `${kind} ${id}`,
        description: `${startedAt}: ${certificate.names.map(formatName).join(", ")} to ${targets.length} targets`,
      })),
    read: async ([id = ""], caller) => {
      const { result } = await executeCall({ tool: listJobs, args: { job: id }, caller }, context);
      const [job] = jobsReply.parse(result).jobs;
      return job && JSON.stringify(job, null, 2);
    },
  };
}
