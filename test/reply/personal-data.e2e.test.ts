import { describe, expect, it } from "vitest";
import { approvesByToken, saysYes, textOf } from "../support/assistant.js";
import { refused, type ScriptedCloud, startScriptedCloud, tencent } from "../support/scripted-cloud.js";
import { wide } from "../support/width.js";

/** Personal data of orders and CSRs, past the mask of the replies: in plans by token, refusals, messages and the journal. */

const EMAIL = "maria.gonzalez@corp.example";
const OTHER = "mario.rossi@corp.example";
const MOBILE = "13812345678";
const csr = (Email: string) =>
  tencent({
    Id: 4,
    CSRId: 4,
    Domain: "a.example.com",
    Organization: "Corp",
    Email,
    Country: "US",
    CSR: "",
    Status: 0,
  });
const change = { CSRId: 4, Remark: "spring", Department: "IT", Generate: true };

async function onCloud(args: readonly string[], work: (cloud: ScriptedCloud, asked: string[]) => Promise<void>) {
  const asked: string[] = [];
  const cloud = await startScriptedCloud(args, {
    person: async (question) => {
      asked.push(question.message);
      return (await saysYes?.(question)) ?? { action: "decline" };
    },
  });
  try {
    await work(cloud, asked);
  } finally {
    await cloud.close();
  }
}

it("a plan by token does not tell the model an address", async () => {
  await onCloud(approvesByToken, async (cloud) => {
    cloud.answers(() => csr(EMAIL));
    const offered = await cloud.assistant.client.callTool({ name: "ModifyCSR", arguments: change });
    expect(JSON.stringify(offered)).toContain("m***@corp.example");
    expect(cloud.everything()).not.toContain(EMAIL);
  });
});

it("a refusal for what has changed does not, either; the person is shown it whole", wide, async () => {
  await onCloud(["--approve", "elicit"], async (cloud, asked) => {
    let reads = 0;
    cloud.answers((action) => {
      if (action === "DescribeCSR") reads += 1;
      return csr(reads > 1 ? OTHER : EMAIL);
    });
    const text = textOf(await cloud.assistant.call("ModifyCSR", change));
    expect(asked.join()).toContain(EMAIL);
    expect(text).toContain("has changed since");
    expect(text).toContain("m***@corp.example");
    expect(text).not.toContain(EMAIL);
    expect(text).not.toContain(OTHER);
  });
});

describe("siblings", () => {
  it("the operator may show it", async () => {
    await onCloud([...approvesByToken, "--show-personal-data"], async (cloud) => {
      cloud.answers(() => csr(EMAIL));
      const offered = await cloud.assistant.client.callTool({ name: "ModifyCSR", arguments: change });
      expect(JSON.stringify(offered)).toContain(EMAIL);
      cloud.answers(() => refused("FailedOperation", `sent to ${EMAIL}`));
      expect(textOf(await cloud.assistant.call("DescribeCSRSet", {}))).toContain(EMAIL);
    });
  });

  it("a cloud's message does not tell an address or a number", wide, async () => {
    await onCloud([], async (cloud) => {
      for (const [number, message] of [
        `sent to ${EMAIL}`,
        `call +86 ${MOBILE}`,
        `call 86-${MOBILE},`,
        MOBILE,
      ].entries()) {
        cloud.answers(() => refused("FailedOperation", message, `rid-${number}`));
        await cloud.assistant.call("DescribeCSR", { CSRId: 4 });
        await cloud.assistant.client.readResource({ uri: "cloudcert://certificates/AAAAAAAA" }).catch(() => {});
        await cloud.assistant.call("find_certificates", {});
      }
      const left = cloud.everything();
      expect(left).toContain("***78");
      expect(left).not.toContain(EMAIL);
      expect(left).not.toContain(MOBILE);
    });
  });

  it("a job's report and its journal do not", wide, async () => {
    await onCloud(["--approve", "elicit"], async (cloud) => {
      cloud.answers((action) =>
        action === "SetCdnDomainSSLCertificate"
          ? { status: 400, body: { RequestId: "r", Code: "InvalidParameter", Message: `tell ${EMAIL} or ${MOBILE}` } }
          : { body: { RequestId: "r" } },
      );
      await cloud.assistant.call("deploy_certificate", {
        certificate: "file:c.pem",
        private_key: "file:k.pem",
        targets: [{ service: "alibaba-cdn", domains: ["img.example.com"] }],
        wait_seconds: 0,
      });
      await cloud.assistant.call("list_jobs");
      const left = cloud.everything();
      expect(left).toContain("m***@corp.example");
      expect(left).not.toContain(EMAIL);
      expect(left).not.toContain(MOBILE);
    });
  });
});
