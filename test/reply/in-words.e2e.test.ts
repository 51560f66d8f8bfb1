import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeCSRSet } from "../../src/catalogue/tencent-ssl/describe-csr-set.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { formatReply } from "../../src/reply/format-reply.js";
import { type Assistant, textOf } from "../support/assistant.js";
import { Company } from "../support/company.js";
import { wide } from "../support/width.js";
import { formatOptions } from "./support.js";

/**
 * An answer of a cloud that is empty, or that leaves something behind of which it does not tell.
 *
 * Siblings: https://github.com/openai/openai-agents-python/issues/1035 (an empty result passes for an error),
 * https://github.com/microsoft/mcp/issues/165 (an empty list is left out of a success),
 * https://github.com/ravitemer/mcphub.nvim/pull/132 (a tool that returns nothing),
 * https://github.com/certd/certd/issues/700 and https://github.com/certd/certd/issues/347 (a copy at Alibaba Cloud for each
 * upload), https://github.com/netcccyun/dnsmgr/pull/488 (old copies stay in the console).
 */

let company: Company;
let assistant: Assistant;
beforeAll(async () => {
  company = await Company.open();
  assistant = await company.assistant();
});
afterAll(async () => {
  await assistant.close();
  await company.close();
});

describe("an empty reply of a cloud is said in words", () => {
  it.each([
    ["SetCdnDomainSSLCertificate", { DomainName: "img.example.com", SSLProtocol: "off" }],
    ["ModifyHostsCertificate", { ZoneId: "zone-sandboxdemo", Hosts: ["www.example.com"], Mode: "disable" }],
  ])("of %s", async (tool, args) => {
    const reply = await assistant.call(tool, args);
    expect(textOf(reply)).toContain("Accepted by the API, with an empty reply");
    expect(textOf(reply)).toContain("not yet proof that the edge serves it");
  });

  it.each([
    ["of a change that moves no traffic", modifyCertificateAlias, "Accepted by the API, with an empty reply."],
    ["of a read", describeCSRSet, "The cloud's reply is empty: it found nothing."],
  ])("%s", (_name, operation, says) => {
    for (const answer of [{}, { CertificateId: null, Set: [] }]) {
      expect(formatReply(operation, answer, "r-1", formatOptions()).notes).toEqual([says]);
    }
    expect(formatReply(operation, { CertificateId: "abcd1234", Set: [{}] }, "r-1", formatOptions()).notes).toEqual([]);
  });
});

it("a copy that an upload leaves is told, by whose tool it cannot be removed", wide, async () => {
  const { chain, key } = await company.issue("copy");
  const upload = { SSLProtocol: "on", CertType: "upload", CertName: "copy-of-mine" };
  const pair = { SSLPub: `file:${chain}`, SSLPri: `file:${key}` };
  const on = { DomainName: "img.example.com", ...upload, ...pair };
  expect(textOf(await assistant.call("SetCdnDomainSSLCertificate", on))).toContain(
    "keeps a new copy of the certificate and its key as copy-of-mine",
  );
  const off = { DomainName: "img.example.com", SSLProtocol: "off" };
  expect(textOf(await assistant.call("SetCdnDomainSSLCertificate", off))).not.toContain("copy");
});
