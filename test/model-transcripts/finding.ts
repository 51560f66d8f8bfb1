import { expect } from "vitest";
import { z } from "zod";
import { resourceBindingsOf } from "../../src/sandbox/tencent-ssl/resources.js";
import { status as stages } from "../../src/sandbox/tencent-ssl/state.js";
import { rows, type Transcript } from "./transcript.js";

/** What is there, what runs out, what is served. */

const { issued } = stages;
const day = 24 * 3600 * 1000;
const served = z.object({
  domains: z.array(
    z.object({ served: z.array(z.object({ certificates: z.array(z.object({ sha256: z.string() })) })) }),
  ),
});

export const finding: readonly Transcript[] = [
  {
    language: "en",
    request: () => "Which of our certificates expire in the next 30 days, and where are they used?",
    steps: [{ tool: "find_certificates", with: () => ({ expires_within_days: 30, with_bindings: true }) }],
    sent: [],
    asked: 0,
    holds: ({ sandbox: { account } }, known) => {
      const soon = [...account.ssl.certificates.values()].filter(({ status, material }) => {
        const left = (material?.parsed.notAfter.getTime() ?? 0) - account.clock.now().getTime();
        return status === issued && left < 30 * day;
      });
      expect(soon.length).toBeGreaterThan(0);
      // Beside what the stores of the other clouds have.
      expect(rows(known).map(({ id }) => id)).toEqual(expect.arrayContaining(soon.map(({ id }) => id)));
      const lines = rows(known).flatMap(({ bound_to }) => bound_to);
      expect(lines.some((line) => line.includes("static.example.com"))).toBe(true);
      for (const { id } of account.ssl.loadBalancers) expect(lines.some((line) => line.includes(id))).toBe(true);
    },
  },
  {
    language: "zh",
    request: ({ id }) => `证书 ${id("storefront")} 现在用在哪些地方？`,
    steps: [
      {
        tool: "find_certificates",
        with: (_, { id }) => ({ certificate_id: id("storefront"), with_bindings: true }),
      },
    ],
    sent: [],
    asked: 0,
    holds: ({ place, sandbox: { account } }, known) => {
      const [only, ...others] = rows(known);
      expect(others).toEqual([]);
      const bound = resourceBindingsOf(account, place.id("storefront"));
      const lines = only?.bound_to.join("\n") ?? "";
      for (const { type } of bound) expect(lines).toMatch(new RegExp(`^${type} `, "m"));
      expect(bound.length).toBeGreaterThan(2);
    },
  },
  {
    language: "zh",
    request: () => "哪些证书没有在用？",
    steps: [{ tool: "find_certificates", with: () => ({ unbound: true }) }],
    sent: [],
    asked: 0,
    holds: ({ sandbox: { account } }, known) => {
      const servers = [...account.ssl.certificates.values()].filter(({ kind, material }) => kind === "SVR" && material);
      const unused = servers.filter(({ id }) => resourceBindingsOf(account, id).length === 0);
      expect(unused.length).toBeGreaterThan(0);
      expect(
        rows(known)
          .map(({ id }) => id)
          .sort(),
      ).toEqual(unused.map(({ id }) => id).sort());
    },
  },
  {
    language: "zh",
    request: () => "用户访问 www.example.com 的时候，现在实际拿到的是哪张证书？",
    steps: [{ tool: "check_served_certificate", with: () => ({ domains: ["www.example.com"] }) }],
    sent: [],
    asked: 0,
    holds: async (stage, known) => {
      const shown = known
        .last("check_served_certificate", served)
        .domains.flatMap((domain) => domain.served.flatMap(({ certificates }) => certificates));
      expect(shown.map(({ sha256 }) => sha256)).toEqual([...new Set(await stage.served("www.example.com"))]);
      expect(shown.map(({ sha256 }) => sha256)).toEqual([stage.sha256("storefront")]);
    },
  },
  {
    language: "en",
    request: ({ folder }) =>
      `Is file:${folder}/new.crt fine for www.example.com before I upload it? The key should be file:${folder}/other.key.`,
    steps: [
      {
        tool: "inspect_certificate",
        with: (_, { folder }) => ({
          certificate: `file:${folder}/new.crt`,
          private_key: `file:${folder}/other.key`,
          domains: ["www.example.com"],
        }),
      },
    ],
    sent: [],
    asked: 0,
    holds: ({ sandbox }, known) => {
      const { findings } = known.last(
        "inspect_certificate",
        z.object({ findings: z.array(z.object({ level: z.string(), parameter: z.string() })) }),
      );
      expect(findings.filter(({ level }) => level === "error").map(({ parameter }) => parameter)).toEqual([
        "private_key",
      ]);
      expect(sandbox.requests).toEqual([]);
    },
  },
  {
    language: "zh",
    request: () =>
      "昨晚脚本报错：[TencentCloudSDKException] code:FailedOperation.CertificateDeployHasPendingRecord，这是什么意思，能重试吗？",
    steps: [
      {
        tool: "explain_error",
        with: () => ({ code: "[TencentCloudSDKException] code:FailedOperation.CertificateDeployHasPendingRecord" }),
      },
    ],
    sent: [],
    asked: 0,
    holds: ({ sandbox }, known) => {
      const told = known.last("explain_error", z.object({ code: z.string(), known: z.boolean(), retry: z.string() }));
      expect(told).toMatchObject({ code: "FailedOperation.CertificateDeployHasPendingRecord", known: true });
      expect(sandbox.requests).toEqual([]);
    },
  },
];
