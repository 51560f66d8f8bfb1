import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { type Assistant, pointedAt, startAssistant, textOf } from "../support/assistant.js";
import { ofRows, rows } from "../support/width.js";
import { makeCorpus } from "./make.js";
import { type CorpusRow, rows as corpus } from "./rows.js";
import { hasKeytool, hasOpenssl, knowsSm2, type Workshop } from "./workshop.js";

/**
 * Certificates, chains, keys and archives as people have them, each with what a person who knows says of it, asked for
 * through inspect_certificate.
 */

const reply = z.object({
  verdict: z.string(),
  certificate: z.record(z.unknown()).optional(),
  key_fits: z.boolean().optional(),
  findings: z.array(z.object({ level: z.enum(["error", "warning"]), says: z.string(), next: z.string().optional() })),
});

const begins = {
  fit: /^It is fit to be served\.$/,
  warning: /^(It can be served, with doubts: |Do not serve it: browsers would turn visitors away; )/,
  refused: /^Do not serve it: /,
};

it("has rows that each have another name", () => {
  expect(new Set(corpus.map(({ about }) => about)).size).toBe(corpus.length);
});

const missing = ({ needs }: CorpusRow) => (needs === "keytool" && !hasKeytool) || (needs === "SM2" && !knowsSm2);

describe.skipIf(!hasOpenssl)("what is said of (needs OpenSSL 3; a few need keytool, or an OpenSSL with SM2)", () => {
  let made: Workshop;
  let sandbox: Sandbox;
  let assistant: Assistant;
  beforeAll(async () => {
    made = makeCorpus();
    sandbox = await startSandbox();
    const { args, env } = pointedAt(sandbox);
    const trusted = { NODE_EXTRA_CA_CERTS: join(made.folder, "root.crt") };
    assistant = await startAssistant([...args, "--files", made.folder], { env: { ...env, ...trusted } });
  });
  afterAll(async () => {
    await assistant.close();
    await sandbox.close();
    made.close();
  });

  const asked = ({ file, key, domains }: CorpusRow) =>
    assistant.call("inspect_certificate", {
      certificate: `file:${file}`,
      ...(key !== undefined && { private_key: `file:${key}` }),
      ...(domains && { domains }),
    });

  const there = corpus.filter((row) => !missing(row));
  const needing = corpus.filter(missing).map(({ about, needs }) => `${about}: there is no ${needs} here`);
  it.skip.each(needing)("%s", () => {});
  it.each(
    rows(
      there.map((row) => [row.about, row] as const),
      30,
    ),
  )("%s", ofRows, async (_, row) => {
    const answer = await asked(row);
    if (answer.isError) {
      expect(row.verdict, textOf(answer)).toBe("refused");
      expect(textOf(answer)).toMatch(row.says ?? /^$/);
      expect(textOf(answer)).toContain("Nothing was changed");
      return;
    }
    const { verdict, certificate, key_fits, findings } = reply.parse(answer.structuredContent);
    const said = findings.map(({ says }) => says).join("\n");
    expect(verdict, said).toMatch(begins[row.verdict]);
    expect(findings.length, said).toBe(row.findings ?? (row.verdict === "fit" ? 0 : 1));
    const found = findings.find(({ says }) => row.says?.test(says));
    if (row.says !== undefined) expect(found, said).toBeDefined();
    if (row.next !== undefined) expect(found?.next).toMatch(row.next);
    if (row.key !== undefined && row.verdict !== "refused") expect(key_fits).toBe(true);
    expect(certificate).toMatchObject(row.tells ?? {});
  });

  it("a chain in reverse is not deployed, and what to do about it is said", async () => {
    const targets = [{ service: "alibaba-cdn", domains: ["img.example.com"] }];
    const pair = { certificate: "file:reversed.crt", private_key: "file:leaf.key" };
    const answer = await assistant.failure("deploy_certificate", { ...pair, targets });
    expect(answer).toContain("belongs to certificate 3 of the chain, so the leaf is not first");
    expect(answer).toContain("Next: Put certificate 3 first, after it its issuer, and so on. Then call again.");
  });
});
