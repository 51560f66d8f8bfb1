import { X509Certificate } from "node:crypto";
import { expect, it } from "vitest";
import { normalizeFingerprint } from "../../../src/certificates/fingerprint.js";
import { sentChainIn } from "../../../src/certificates/sent-chain.js";
import type { Job } from "../../../src/jobs/job.js";
import { storedCopiesOf } from "../../../src/tools/deployment/stored-copies.js";
import { Authority } from "../../preflight/authority.js";

/** Which copies at Tencent Cloud SSL are the certificate with its chain; the cloud's replies are the test's. */

const now = new Date(Math.ceil(Date.now() / 1000) * 1000);
const authority = new Authority(now);
const root = await authority.issue({ name: "Root", ca: true });
const issuing = await authority.issue({ name: "Issuing", ca: true, by: root });
const leaf = await authority.issue({ name: "www.example.com", by: issuing });
const whole = `${leaf.pem}${issuing.pem}`;

const x509 = new X509Certificate(leaf.pem);
const sha256 = normalizeFingerprint(x509.fingerprint256);
const notAfter = new Date(x509.validTo).toISOString();
const desired = (pem: string) => ({
  sha256,
  sha1: normalizeFingerprint(x509.fingerprint),
  names: ["www.example.com"],
  notAfter,
  chain: sentChainIn(pem, now),
});

/** The cloud has these, each with what it tells of its text. */
function cloudWith(stored: Readonly<Record<string, string | null>>) {
  const ends = new Date(Date.parse(notAfter) + 8 * 3600_000).toISOString().replace("T", " ").slice(0, 19);
  return {
    now: () => now,
    signal: new AbortController().signal,
    pause: async () => {},
    read: async ({ name }: { readonly name: string }, params: Readonly<Record<string, unknown>>) =>
      name === "DescribeCertificates"
        ? { Certificates: Object.keys(stored).map((id) => ({ CertificateId: id, Status: 1, CertEndTime: ends })) }
        : { CertFingerprint: x509.fingerprint, CertificatePublicKey: stored[String(params.CertificateId)] },
  };
}

const uploadedBefore = (certificateId: string): Job => ({
  id: "00000000",
  kind: "deployment",
  startedAt: now.toISOString(),
  changedAt: now.toISOString(),
  key: "",
  certificate: {
    ...desired(whole),
    names: [],
    certificateId,
    source: {},
    chain: { intermediates: [], flaws: [], ...desired(whole).chain },
  },
  targets: [],
});

it("a copy of the leaf alone is not the certificate with its chain", async () => {
  const cloud = cloudWith({ alone: leaf.pem, whole, root: `${whole}${root.pem}` });
  expect(await storedCopiesOf(desired(whole), [], cloud)).toMatchObject({
    usable: [{ id: "whole" }, { id: "root" }],
    others: ["alone"],
  });
});

it("for the leaf alone the most complete copy is taken", async () => {
  const { usable, others } = await storedCopiesOf(desired(leaf.pem), [], cloudWith({ alone: leaf.pem, whole }));
  expect([usable.map(({ id }) => id), others]).toEqual([["whole"], []]);
});

it("a copy whose chain is not shown counts only where this server stored it", async () => {
  const cloud = cloudWith({ silent: null });
  expect(await storedCopiesOf(desired(whole), [], cloud)).toMatchObject({ usable: [], others: ["silent"] });
  expect(await storedCopiesOf(desired(whole), [uploadedBefore("silent")], cloud)).toMatchObject({
    usable: [{ id: "silent" }],
    others: [],
  });
});
