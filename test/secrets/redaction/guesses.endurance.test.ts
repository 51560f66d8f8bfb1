import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { approvesByToken, textOf } from "../../support/assistant.js";
import { sampleChanges } from "../../support/sample-calls.js";
import { refused, type ScriptedCloud, startScriptedCloud, tencent } from "../../support/scripted-cloud.js";

/**
 * A caller that may write anything guesses a secret that the server knows, and looks for a difference between a guess
 * that is right and one that is not. 10,000 PINs, and the words of a list; the right ones are among them.
 */

const PIN = "7391";
const WORD = "Summer2026!";
const pins = Array.from({ length: 10_000 }, (_, number) => String(number).padStart(4, "0"));
const words = ["Winter", "Spring", "Summer", "Autumn"].flatMap((season) =>
  [2023, 2024, 2025, 2026].flatMap((year) => ["", "!", "?", "#"].map((end) => `${season}${year}${end}`)),
);

let cloud: ScriptedCloud;
beforeAll(async () => {
  cloud = await startScriptedCloud(approvesByToken, {
    hostApproves: true,
    env: {
      CLOUDKEY_PIN: PIN,
      CLOUDKEY_WORD: WORD,
      HTTPS_PROXY: `http://user:${WORD}@127.0.0.1:9`,
      https_proxy: `http://user:${PIN}@127.0.0.1:9`,
    },
  });
});
afterAll(() => cloud.close());

const references = ["env:CLOUDKEY_PIN", "env:CLOUDKEY_WORD"];
const guesses = [...pins, ...words];
const inParts = (all: readonly string[], size: number) =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, part) => all.slice(part * size, (part + 1) * size));

/** A reply without what is told of each guess: the same for all, if the reply tells nothing. */
function expectNothingTold(text: string, written: readonly string[]): void {
  expect(text).not.toContain("[sealed]");
  for (const guess of written) expect(text).toContain(JSON.stringify(guess).slice(1, -1));
}

it("10,000 guesses among the domains of an inspection, with the password that opens its key", async () => {
  for (const reference of references) {
    for (const part of inParts(guesses, 500)) {
      const inspection = { certificate: "file:c.pem", private_key: `file:k.pem;password=${reference}`, domains: part };
      const text = textOf(await cloud.assistant.call("inspect_certificate", inspection));
      expect(text).not.toContain("[sealed]");
    }
  }
});

it("all of them in a remark that was written before, read back by a list, a search and a resource", async () => {
  for (const part of inParts(guesses, 200)) {
    const alias = part.join(" ");
    const row = { CertificateId: "AAAAAAAA", Alias: alias, Domain: "www.example.com", Status: 1 };
    cloud.answers(() => tencent({ TotalCount: 1, Certificates: [row], ...row }));
    expectNothingTold(textOf(await cloud.assistant.call("DescribeCertificates", { SearchKey: part[0] })), part);
  }
  const { resources } = await cloud.assistant.client.listResources();
  expect(JSON.stringify(resources)).not.toContain("[sealed]");
});

const csr = sampleChanges.CreateCSR;

describe("a cloud that repeats its arguments, the password among them, is told nothing of", () => {
  it.each(references)("in a call with %s: the reply to a right guess is that to a wrong one", async (KeyPassword) => {
    cloud.answers((_, body) => refused("FailedOperation.InvalidParam", `not valid: ${body}`));
    const replies = new Set<string>();
    for (const part of inParts(guesses, 800)) {
      const reply = await cloud.assistant.call("CreateCSR", { ...csr, Department: part.join(" "), KeyPassword });
      replies.add(textOf(reply));
    }
    expect([...replies]).toHaveLength(1);
    expect([...replies][0]).toContain("Its message is not shown");
  });

  it("nor in members, codes and request ids", async () => {
    for (const Department of [PIN, "0000", WORD, "Summer2026?"]) {
      cloud.answers((_, body) => ({
        body: { Response: { RequestId: `r-${Department}-${PIN}`, Id: 4, Echo: body, [Department]: body } },
      }));
      const success = await cloud.assistant.call("CreateCSR", { ...csr, Department, KeyPassword: references[0] });
      expect(textOf(success)).toMatch(/^\{"Id":4,"notes":\["\d values that the documents do not have were left out/);
      cloud.answers(() => refused(`FailedOperation.${Department}${PIN}`, "no", `r-${Department}-${PIN}`));
      const failure = await cloud.assistant.call("CreateCSR", { ...csr, Department, KeyPassword: references[0] });
      expect(textOf(failure)).not.toMatch(/7391|0000|Summer/);
    }
  });

  it("in a call without it, an error repeats what the caller wrote", async () => {
    for (const part of inParts(guesses, 100).slice(0, 20)) {
      cloud.answers(() => refused("FailedOperation", `no such name: ${part.join(" ")}`));
      expectNothingTold(textOf(await cloud.assistant.call("DescribeCertificate", { CertificateId: "AAAAAAAA" })), part);
    }
  });
});

describe("siblings", () => {
  it("guesses in plans: the question, the arguments and the warnings hold them as they are", async () => {
    for (const guess of [PIN, "7392", WORD]) {
      cloud.answers(() => tencent({ Alias: guess, CertificateId: "AAAAAAAA" }));
      const change = { CertificateId: "AAAAAAAA", Alias: guess };
      const reply = await cloud.assistant.client.callTool({ name: "ModifyCertificateAlias", arguments: change });
      expect(JSON.stringify(reply)).toContain(guess);
      expect(JSON.stringify(reply)).not.toContain("[sealed]");
    }
  });

  it("guesses as names of tools, files, variables, prompts and resources", async () => {
    for (const guess of [PIN, WORD]) {
      const missing = `file:${guess}.pem;password=env:CLOUDKEY_PIN`;
      const text = textOf(await cloud.assistant.call("inspect_certificate", { certificate: missing }));
      expect(text).not.toContain("[sealed]");
      await expect(cloud.assistant.client.callTool({ name: guess })).rejects.toThrow(guess);
      const ref = { type: "ref/resource" as const, uri: "cloudcert://certificates/{id}" };
      const completed = await cloud.assistant.client.complete({ ref, argument: { name: "id", value: guess } });
      expect(JSON.stringify(completed)).not.toContain("[sealed]");
      const uri = `cloudcert://operations/${encodeURIComponent(guess)}`;
      await expect(cloud.assistant.client.readResource({ uri })).rejects.toThrow("There is no such resource");
    }
  });

  it("a password that a cloud told, and guesses of it in what is read later", async () => {
    const told = {
      CertificateId: "AAAAAAAA",
      KeyPassword: WORD,
      Remarks: words.join(" "),
      Id: 4,
      Hint: `it is ${WORD}`,
    };
    cloud.answers(() => tencent(told));
    const reply = await cloud.assistant.call("DescribeCSR", { CSRId: 4 });
    const { Remarks, KeyPassword, Hint } = reply.structuredContent ?? {};
    expect(KeyPassword).toMatch(/^vault:/);
    expect(Remarks).toBe(words.join(" "));
    expect(Hint).toBeUndefined();
    cloud.answers(() =>
      tencent({ TotalCount: 1, Certificates: [{ CertificateId: "AAAAAAAA", Alias: words.join(" ") }] }),
    );
    expectNothingTold(textOf(await cloud.assistant.call("DescribeCertificates")), words);
  });

  it("the beginning of a key that is known, continued by a guess", async () => {
    await cloud.assistant.call("inspect_certificate", { certificate: "file:c.pem", private_key: "file:k.pem" });
    // What everybody knows of the key: the head of its structure, and the public half at its end.
    const der = Buffer.from(cloud.keyDigits, "base64");
    const heads = [der.subarray(0, 36), der.subarray(36 + 32, 36 + 32 + 40)];
    for (const head of heads) {
      const shown = new Set<string>();
      for (let next = 0; next < 256; next += 1) {
        const guess = Buffer.concat([head, Buffer.from([next])]).toString("hex");
        cloud.answers(() => refused("FailedOperation", `x ${guess}`));
        const text = textOf(await cloud.assistant.call("DescribeCertificate", { CertificateId: "AAAAAAAA" }));
        shown.add(text.replace(guess, "as it is"));
      }
      expect([...shown]).toHaveLength(1);
    }
  });
});
