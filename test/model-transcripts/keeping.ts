import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { rows, rowWith, type Transcript, withAlias } from "./transcript.js";

/** Certificates are named, fetched and thrown away. */

const downloaded = z.object({ Content: z.string() });

export const keeping: readonly Transcript[] = [
  {
    language: "zh",
    request: () => "把 mail.example.net 那张证书的备注改成“邮件网关 2026”。",
    steps: [
      { tool: "find_certificates", with: () => ({ domain: "mail.example.net" }) },
      {
        tool: "ModifyCertificateAlias",
        with: (known) => ({ CertificateId: rows(known)[0]?.id, Alias: "邮件网关 2026" }),
      },
    ],
    sent: ["ModifyCertificateAlias"],
    asked: 1,
    holds: ({ sandbox }) => {
      const named = [...sandbox.account.ssl.certificates.values()].filter(({ alias }) => alias === "邮件网关 2026");
      expect(named.map(({ material }) => material?.parsed.names)).toEqual([["mail.example.net"]]);
    },
  },
  {
    language: "en",
    request: ({ folder }) =>
      `I need the certificate of blog.example.com with its key for my own nginx. Put the files into ${folder}.`,
    steps: [
      { tool: "find_certificates", with: () => ({ domain: "blog.example.com" }) },
      {
        tool: "DownloadCertificate",
        with: (known) => ({
          CertificateId: rowWith(known, ({ domains }) => domains[0] === "blog.example.com").id,
        }),
      },
      {
        tool: "save_to_file",
        with: (known, { folder }) => ({
          reference: known.last("DownloadCertificate", downloaded).Content,
          directory: folder,
          name: "blog.example.com",
        }),
      },
    ],
    sent: ["DownloadCertificate"],
    asked: 2,
    holds: (stage) => {
      const path = (ending: string) => join(stage.folder, `blog.example.com.${ending}`);
      const leaf = new X509Certificate(readFileSync(path("fullchain.crt")));
      expect(leaf.checkPrivateKey(createPrivateKey(readFileSync(path("key"))))).toBe(true);
      expect(leaf.fingerprint256.replaceAll(":", "").toLowerCase()).toBe(stage.sha256("blog.example.com"));
      expect(statSync(path("key")).mode & 0o777).toBe(0o600);
    },
  },
  {
    language: "en",
    request: () => "Delete the certificates that have expired, unless something still uses them.",
    steps: [{ tool: "delete_unused_certificates", with: () => ({ expired: true }) }],
    sent: ["DeleteCertificate"],
    asked: 1,
    holds: ({ sandbox, questions }) => {
      const left = [...sandbox.account.ssl.certificates.values()];
      expect(left.filter(({ material }) => material && material.parsed.notAfter < sandbox.account.clock.now())).toEqual(
        [],
      );
      expect(left.length).toBeGreaterThan(5);
      // The person typed what cannot be undone.
      expect(questions[0]).toMatch(/To approve, type \w+\./);
    },
  },
  {
    language: "zh",
    request: () => "storefront 这张证书不要了，删掉吧。",
    steps: [
      { tool: "find_certificates", with: () => ({}) },
      {
        tool: "DeleteCertificate",
        with: (known) => ({ CertificateId: withAlias(known, "storefront").id }),
        refused: true,
      },
    ],
    // It reaches the cloud, which refuses it: everything is served as before.
    sent: ["DeleteCertificate: FailedOperation.BoundResources"],
    asked: 1,
    holds: async (stage) => {
      const sha256 = stage.sha256("storefront");
      expect(stage.host("www.example.com")?.certificateIds).toEqual([stage.certificate("storefront").id]);
      expect(await stage.served("www.example.com")).toEqual([sha256, sha256, sha256]);
    },
  },
];
