import { createPrivateKey } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { approvesByToken } from "../../support/assistant.js";
import {
  holdsPieceOf,
  refused,
  type ScriptedCloud,
  startScriptedCloud,
  tencent,
} from "../../support/scripted-cloud.js";
import { otherForms, promisedForms } from "./forms.js";

/** A cloud that gives back what it was sent, in every form: what reaches the conversation, the logs and the journal? */

let cloud: ScriptedCloud;
beforeAll(async () => {
  cloud = await startScriptedCloud(approvesByToken, { hostApproves: true });
});
afterAll(() => cloud.close());

const upload = (extra: Record<string, unknown> = {}) =>
  cloud.assistant.call("UploadCertificate", {
    CertificatePublicKey: "file:c.pem",
    CertificatePrivateKey: "file:k.pem",
    ...extra,
  });

/** The secret number, in base64 as the PEM has it. The public half may be anywhere. */
const secretDigits = () => cloud.keyDigits.slice(52, 88);

function expectNothingOf(disguised: string): void {
  const left = cloud.everything();
  expect(holdsPieceOf(left, secretDigits())).toBe(false);
  // Encoded once more, the secret stands in the middle.
  const middle = disguised.slice(Math.floor(disguised.length * 0.35), Math.floor(disguised.length * 0.55));
  expect(holdsPieceOf(left, middle.replace(/\s+/g, " "))).toBe(false);
}

const inShortWords = [
  "each character quoted",
  "numbers of its bytes",
  "dump of its bytes",
  "pieces of fewer than 20 characters",
];

describe.each(Object.entries({ ...promisedForms, ...otherForms }))("%s", (name, form) => {
  it("a private key in a message is not repeated", async () => {
    if (inShortWords.includes(name)) return;
    cloud.answers(() => refused("FailedOperation.InvalidParam", `bad key: ${form(cloud.key)}`));
    expect((await upload()).isError).toBe(true);
    expectNothingOf(form(cloud.key));
  });

  it("nor anything of the words of a cloud that was sent a password", async () => {
    const password = "file-Passw0rd-7788";
    cloud.answers(() => refused("FailedOperation.InvalidParam", `bad: ${form(password)} ${form(cloud.key)}`));
    const reply = await upload({ KeyPassword: "file:pw.txt" });
    const text = JSON.stringify(reply);
    expect(text).toContain("Its message is not shown: the request carried a password.");
    expect(text).toContain("FailedOperation");
    expect(cloud.everything()).not.toContain(form(password));
  });

  it("a private key in a member that no document has is masked", async () => {
    if (name in otherForms) return;
    cloud.answers(() => tencent({ CertificateId: "AAAAAAAA", Echo: form(cloud.key), [form(cloud.key)]: 1 }));
    expect(await upload()).toMatchObject({ structuredContent: { CertificateId: "AAAAAAAA" } });
    expectNothingOf(form(cloud.key));
  });
});

describe("siblings", () => {
  it("a key as JWK, in a member and in a message", async () => {
    const jwk = createPrivateKey(cloud.key).export({ format: "jwk" });
    cloud.answers(() => tencent({ CertificateId: "AAAAAAAA", Key: jwk }));
    await upload();
    cloud.answers(() => refused("FailedOperation", JSON.stringify(jwk)));
    await upload();
    expect(holdsPieceOf(cloud.everything(), jwk.d ?? "")).toBe(false);
  });

  it.each([
    ["a number", 83749201],
    ["its digits", "83749201"],
    ["another letter case", "FILE-PASSW0RD-7788"],
    ["apart", "f i l e - P a s s w 0 r d - 7 7 8 8"],
    ["in a list", ["file-", "Passw0rd", "-7788"]],
    ["in a member's name", { "file-Passw0rd-7788": 1 }],
    ["in a list of objects", [{ p: "file-Passw0rd-7788" }]],
  ])("a password is not told by a member that no document has: %s", async (_, echo) => {
    cloud.answers(() => tencent({ CertificateId: "AAAAAAAA", RepeatCertId: { odd: echo }, Echo: echo }));
    const reply = await upload({ KeyPassword: "file:pw.txt" });
    expect(reply.structuredContent).toMatchObject({ CertificateId: "AAAAAAAA" });
    const shown = JSON.stringify(reply);
    expect(shown).not.toMatch(/83749201|passw0rd|p a s s w|7788/i);
    expect(shown).toContain("left out, because the request carried a password");
  });

  it("a secret key of the account in a refusal's message, encoded by a gateway", async () => {
    for (const form of Object.values(promisedForms)) {
      cloud.answers(() => refused("InternalError", form(`secret ${cloud.secretKey} of AKID`)));
      await cloud.assistant.call("DescribeCertificates");
    }
    expect(holdsPieceOf(cloud.everything(), cloud.secretKey)).toBe(false);
  });
});
