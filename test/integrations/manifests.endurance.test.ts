import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { version } from "../../src/lib/version.js";
import { runProgram } from "../support/command.js";
import { installed } from "../support/installed.js";
import { integration } from "./paths.js";

/** GitHub's own reader of workflows, a reader of GitLab's jobs with its schema, schemas and types of Kubernetes. */
const packages = {
  "@actions/workflow-parser": "0.3.61",
  // The last that runs on Node.js 20.
  "gitlab-ci-local": "4.72.0",
  "kubernetes-models": "4.5.1",
  yaml: "2.9.1",
};

/** What the tests use of them; GitHub's package runs only in a bundle. */
const source = `
  import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
  import { CronJob } from "kubernetes-models/batch/v1";
  import { Deployment } from "kubernetes-models/apps/v1";
  import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
  import { PersistentVolumeClaim, Pod, Service } from "kubernetes-models/v1";
  import { parseAllDocuments } from "yaml";

  export async function workflowFaults(content) {
    const { context, value } = parseWorkflow({ name: "renew.yml", content }, new NoOperationTraceWriter());
    if (value !== undefined) await convertWorkflowTemplate(context, value);
    return context.errors.getErrors().map(({ message }) => message);
  }

  export const objectsIn = (yaml) => parseAllDocuments(yaml).map((document) => document.toJS());

  const kinds = { CronJob, Deployment, PersistentVolumeClaim, Pod, PodDisruptionBudget, Service };
  export function schemaFaults(object) {
    try {
      new kinds[object.kind](object).validate();
      return [];
    } catch ({ message }) {
      return [message];
    }
  }`;

const kinds = ["CronJob", "Deployment", "PersistentVolumeClaim", "Pod", "PodDisruptionBudget", "Service"] as const;
const object = z.object({ apiVersion: z.string(), kind: z.enum(kinds) }).passthrough();
type KubernetesObject = z.output<typeof object>;
const faults = z.array(z.string());
const readers = z.object({
  workflowFaults: z.function(z.tuple([z.string()]), z.promise(faults)),
  objectsIn: z.function(z.tuple([z.string()]), z.array(object)),
  schemaFaults: z.function(z.tuple([object]), faults),
});

const work = mkdtempSync(join(tmpdir(), "cloudcert-manifests-"));
const read = (path: string) => readFileSync(integration(path), "utf8");
let folder: string;
let use: z.output<typeof readers>;

beforeAll(async () => {
  folder = installed("manifests", packages);
  const outfile = join(work, "readers.mjs");
  const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' };
  const stdin = { contents: source, resolveDir: folder };
  await build({ stdin, outfile, bundle: true, platform: "node", format: "esm", banner, logLevel: "error" });
  use = readers.parse(await import(pathToFileURL(outfile).href));
});

describe("the workflow for GitHub Actions", () => {
  const workflow = read("github-actions/renew-certificates.yml");

  it("is one to GitHub's parser", async () => expect(await use.workflowFaults(workflow)).toEqual([]));

  it.each([
    ["runs-on", "run-on"],
    ["cron:", "chron:"],
    ["timeout-minutes: 360", "timeout-minutes: long"],
    ["permissions: {}", "permissions: { contents: wirte }"],
  ])("would not be one with %s as %s", async (right, wrong) => {
    expect(await use.workflowFaults(workflow.replace(right, wrong))).not.toEqual([]);
  });

  it("runs this version", () => expect(workflow).toContain(`cloudcert-mcp@${version} renew`));
});

describe("the job for GitLab CI", () => {
  const jobs = read("gitlab-ci/renew-certificates.yml");

  /** How a pipeline that a schedule starts is read. */
  async function listed(yaml: string) {
    const project = mkdtempSync(join(work, "gitlab-"));
    const git = (...args: string[]) => runProgram("git", args, {}, { cwd: project });
    await git("init", "--quiet");
    await git("remote", "add", "origin", "git@gitlab.example.com:group/project.git");
    await git(
      "-c",
      "user.name=a",
      "-c",
      "user.email=a@example.com",
      "commit",
      "--quiet",
      "--allow-empty",
      "-m",
      "first",
    );
    writeFileSync(join(project, ".gitlab-ci.yml"), yaml);
    const program = join(folder, "node_modules/.bin/gitlab-ci-local");
    return runProgram(program, ["--list", "--variable", "CI_PIPELINE_SOURCE=schedule"], {}, { cwd: project });
  }

  it("is in a pipeline that a schedule starts", async () => {
    const { code, out, err } = await listed(jobs);
    expect(code, err).toBe(0);
    expect(err).toContain("json schema validated");
    expect(out).toMatch(/^renew-certificates .*deploy .*on_success/m);
  });

  it.each([
    ["interruptible: false", "interruptible: 5"],
    ["resource_group:", "resorce_group:"],
    ["tags: [cloudcert]", "tags: 5"],
  ])("would be refused with %s as %s", async (right, wrong) => {
    const { code, out, err } = await listed(jobs.replace(right, wrong));
    expect(code).not.toBe(0);
    expect(out + err).toContain("renew-certificates");
  });

  it("runs this version", () => expect(jobs).toContain(`cloudcert-mcp@${version} renew`));
});

describe("the objects for Kubernetes", () => {
  const compiler = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));

  /** What the types say: the schema lets unknown names pass, as the API does without its strict validation. */
  async function typeFaults(objects: readonly KubernetesObject[]): Promise<string[]> {
    const file = join(folder, "objects.ts");
    const declared = objects.map((it, index) => {
      return `import type { I${it.kind} as Kind${index} } from "kubernetes-models/${it.apiVersion}";
        export const object${index}: Kind${index} = ${JSON.stringify(it)};`;
    });
    writeFileSync(file, declared.join("\n"));
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--ignoreConfig"];
    const { out } = await runProgram(process.execPath, [compiler, ...options, file], {}, { cwd: folder });
    return out.split("\n").filter((line) => line.includes("error TS"));
  }

  async function faultsOf(yaml: string): Promise<string[]> {
    const objects = use.objectsIn(yaml);
    return [...objects.flatMap((it) => use.schemaFaults(it)), ...(await typeFaults(objects))];
  }

  it.each(["kubernetes/cronjob.yaml", "kubernetes/terminal.yaml", "team/kubernetes.yaml"])(
    "in %s are as Kubernetes declares them",
    async (path) => {
      const yaml = read(path);
      expect(await faultsOf(yaml)).toEqual([]);
      expect(yaml.match(/image: .*/g)).toEqual([`image: registry.example.com/cloudcert-mcp:${version}`]);
    },
  );

  it.each([
    ["periodSeconds: 2", "periodSeconds: often"],
    ["path: /healthz", "pth: /healthz"],
    ["minAvailable: 2", "minAvailable: [2]"],
    ["containerPort: 8080", "containerPort: http"],
  ])("of the team's server would not be with %s as %s", async (right, wrong) => {
    expect(await faultsOf(read("team/kubernetes.yaml").replace(right, wrong))).not.toEqual([]);
  });

  it.each([
    ["concurrencyPolicy: Forbid", "concurrencyPolicy: Never"],
    ["restartPolicy: Never", "restartPolice: Never"],
    ["readOnlyRootFilesystem: true", "readOnlyRootFileSystem: true"],
    ["backoffLimit: 0", "backoffLimit: none"],
    ["defaultMode: 288", "defaultMode: r--r-----"],
    ["secretName: www", "secretname: www"],
  ])("would not be with %s as %s", async (right, wrong) => {
    expect(await faultsOf(read("kubernetes/cronjob.yaml").replace(right, wrong))).not.toEqual([]);
  });
});
