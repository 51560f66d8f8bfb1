import { z } from "zod";
import type { Stage } from "./stage.js";
import { check, heading, quote, tell } from "./telling.js";

/** The certificate bought in the story. */
export interface Bought {
  readonly id: string;
  /** SHA-256 of the leaf, in openssl's format. */
  readonly fingerprint: string;
}

/** A DV wildcard of TrustAsia for one year; the sandbox sells it. */
const order = { ProductId: 12, DomainNum: 1, TimeSpan: 1 };

const waited = z.object({
  state: z.string(),
  says: z.string(),
  details: z.object({ sha256: z.string().optional(), records: z.array(z.string()).optional() }).optional(),
});

export async function buyWildcard({ assistant, sandbox }: Stage): Promise<Bought> {
  heading("Buy its successor, a wildcard for *.example.com");
  const bought = z.object({ CertificateIds: z.tuple([z.string()]) });
  const { CertificateIds } = await assistant.call("CreateCertificate", order, bought);
  const [CertificateId] = CertificateIds;
  const wanted = { CsrType: "online", CertificateDomain: "*.example.com", VerifyType: "DNS" };
  await assistant.call("SubmitCertificateInformation", { CertificateId, ...wanted }, z.object({}));
  await assistant.call("CommitCertificateInformation", { CertificateId }, z.object({}));
  tell(`ordered as certificate ${CertificateId}`);

  heading("Validate the domain, wait until it is issued");
  const issuance = { what: "certificate", id: CertificateId };
  const asked = await assistant.call("wait_for", { ...issuance, timeout_seconds: 1 }, waited);
  quote("", [`state ${asked.state}: ${asked.says}`]);
  const [record] = asked.details?.records ?? [];
  check("the record to set is spelled out", asked.state === "still running" && record !== undefined);
  quote("", [String(record)]);
  tell("a person sets it; the sandbox has no DNS, and takes it for set after a while");
  const { state, says, details } = await assistant.call("wait_for", issuance, waited);
  tell(`state ${state}: ${says}`);
  const pem = sandbox.account.ssl.certificates.get(CertificateId)?.material?.parsed;
  const fingerprint = pem?.leaf.fingerprint256 ?? "";
  check(
    `Tencent Cloud holds it as issued, SHA-256 ${details?.sha256?.slice(0, 16)}…`,
    state === "done" && fingerprint.replaceAll(":", "").toLowerCase() === details?.sha256,
  );
  return { id: CertificateId, fingerprint };
}
