import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Sandbox } from "../../../src/sandbox/server.js";
import { startSandbox } from "../../../src/sandbox/server.js";
import { type Assistant, pointedAt, startAssistant } from "../../support/assistant.js";
import { ofRows, rows, wide } from "../../support/width.js";

/**
 * The cloud answers what uses a certificate with what it found up to half an hour ago. After a change of ours that is not
 * how things are, and whoever deletes the "unused" one takes a site down.
 *
 * Siblings: https://github.com/aws/aws-cdk/issues/4179 (in use for ten seconds after it was taken off),
 * https://github.com/hashicorp/terraform-provider-aws/issues/25652 (a listener keeps the replaced one beside the new),
 * https://github.com/amplify-education/serverless-domain-manager/issues/32 (in use by what was deleted),
 * https://github.com/awslabs/aws-orbit-workbench/issues/634 (in use, or not, from call to call).
 */

let sandbox: Sandbox;
let assistant: Assistant;
beforeEach(async () => {
  // So fast that everything is done at once, but the cloud's own cache, which lasts half an hour of its time.
  sandbox = await startSandbox({ speed: 60 });
  const { args, env } = pointedAt(sandbox);
  assistant = await startAssistant(args, { env });
});
afterEach(async () => {
  await assistant.close();
  await sandbox.close();
});

const row = z.object({
  certificate_id: z.string(),
  alias: z.string().optional(),
  bindings: z.string(),
  bindings_as_of: z.string().datetime().optional(),
  bound_to: z.array(z.string()).default([]),
});
const found = z.object({ certificates: z.array(row), shared_resources: z.array(z.string()).optional() });

async function inventory() {
  const reply = found.parse(
    await assistant.result("find_certificates", {
      service: "tencent-ssl",
      domain: "www.example.com",
      with_bindings: true,
    }),
  );
  const of = (alias: string) => {
    const found = reply.certificates.find((each) => each.alias === alias);
    if (found === undefined) throw new Error(`no certificate ${alias}`);
    return found;
  };
  return { old: of("storefront"), next: of("storefront, next"), shared: reply.shared_resources };
}

const host = "teo zone-sandboxdemo www.example.com";
const zone = { ZoneId: "zone-sandboxdemo", Hosts: ["www.example.com"], Mode: "sslcert" };

const changes: readonly (readonly [string, (ids: { old: string; next: string }) => Promise<unknown>])[] = [
  [
    "a job",
    ({ next }) =>
      assistant.result("deploy_certificate", {
        certificate_id: next,
        targets: [{ service: "tencent-edgeone", zone_id: zone.ZoneId, domains: zone.Hosts }],
        wait_seconds: 0,
      }),
  ],
  [
    "an operation by itself",
    ({ next }) => assistant.result("ModifyHostsCertificate", { ...zone, ServerCertInfo: [{ CertId: next }] }),
  ],
  [
    "a one-click update by itself",
    async ({ old, next }) => {
      const update = { OldCertificateId: old, CertificateId: next, ResourceTypes: ["teo"] };
      const record = z.object({ DeployRecordId: z.number() });
      let made = 0;
      while (made === 0)
        made = record.parse(await assistant.result("UpdateCertificateInstance", update)).DeployRecordId;
      await assistant.result("wait_for", { what: "update", id: String(made) });
    },
  ],
];

describe("what uses a certificate", () => {
  it("has its age, and may be as old as the cloud keeps it while nothing was changed", wide, async () => {
    const first = await inventory();
    const again = await inventory();
    expect(first.old.bindings_as_of).toBeDefined();
    expect(again.old.bindings_as_of).toBe(first.old.bindings_as_of);
  });

  it.each(rows(changes, 1))("is looked up anew after %s", ofRows, async (_name, change) => {
    const before = await inventory();
    expect(before.old.bound_to).toContain(host);
    await change({ old: before.old.certificate_id, next: before.next.certificate_id });
    const after = await inventory();
    expect(after.next.bound_to).toContain(host);
    expect(after.old.bound_to).not.toContain(host);
    expect(Date.parse(after.old.bindings_as_of ?? "")).toBeGreaterThanOrEqual(
      Date.parse(before.old.bindings_as_of ?? ""),
    );
    expect(after.shared).toBeUndefined();
  });

  it(
    "is what a person is shown: a deletion that was planned from an old look would be approved for nothing",
    wide,
    async () => {
      const before = await inventory();
      await assistant.result("ModifyHostsCertificate", {
        ...zone,
        ServerCertInfo: [{ CertId: before.next.certificate_id }],
      });
      const deletion = { CertificateId: before.next.certificate_id, IsCheckResource: true };
      // It uses the certificate now, and not a sentence says that this was shown otherwise.
      expect(JSON.stringify(await assistant.call("DeleteCertificate", deletion))).not.toContain("has changed since");
    },
  );
});

it("a resource under two certificates is said to be, with the age of both looks", wide, async () => {
  const { old, next } = await inventory();
  // A second certificate of another key type leaves the first where it is.
  const both = [{ CertId: old.certificate_id }, { CertId: next.certificate_id }];
  const state = sandbox.account.zones.get(zone.ZoneId)?.hosts.get("www.example.com");
  if (state === undefined) throw new Error("the sandbox has no such host");
  state.certificateIds = both.map(({ CertId }) => CertId);
  await assistant.result("ModifyHostsCertificate", {
    ...zone,
    Hosts: ["shop.example.com"],
    ServerCertInfo: [{ CertId: next.certificate_id }],
  });
  const { shared } = await inventory();
  expect(shared?.[0]).toMatch(new RegExp(`^${host}: under \\w{8} \\(as of \\S+Z\\) and \\w{8} \\(as of \\S+Z\\)\\.$`));
  expect(shared?.at(-1)).toContain("several certificates, or was changed between");
});
