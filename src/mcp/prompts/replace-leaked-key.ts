import { commonRules, prompt } from "./prompt.js";

export const replaceLeakedKey = prompt({
  name: "replace_leaked_key",
  title: "Replace a leaked key",
  description: "A private key is known to others: new key first, served everywhere, then the old certificate goes.",
  arguments: {
    certificate: { kind: "certificate", description: "ID or name of the certificate whose key leaked", required: true },
  },
  text: ({
    certificate,
  }) => `The private key of certificate "${certificate}" is, or may be, known to others. Order: new key, served everywhere, only then the old one goes. Revoking first takes the sites down.

1. Never look at the key, nor ask for it. Ask: since when, and where else is it used: other certificates, clouds, servers of their own?
2. \`find_certificates\` (certificate_id="${certificate}"): its store, ID and names; several rows: ask which. Then \`find_certificates\` (domain=its main name, with_bindings=true, with_edges=true): what uses it, and which domains serve it under another name. STOP until the list of places is agreed.
3. A certificate with a NEW key; ask which:
   - only if tencent_ssl ordered it: reissue, \`ReplaceCertificate\` (CertificateId=its ID, CsrType=Online). CsrType Original keeps the leaked key;
   - free: \`ApplyCertificate\`;
   - from the CA they use, as file: references; \`inspect_certificate\` on both: the same key: STOP.
   Then \`wait_for\` (what=certificate, id=the new ID): a person sets the validation record. STOP until they have.
4. One \`deploy_certificate\` for all places (covered, or targets). \`wait_for\` (what=deployment, id=its job) if any is only accepted. Own servers: the person does it. Here \`roll_back\` would bring the leaked key back.
5. STOP until every place is served: not accepted, not propagating.
6. Ordered at tencent_ssl: \`RevokeCertificate\` (CertificateId=its ID, Reason=key compromise): refused while anything bound or any domain still serves it; its plan names what it could not see. Then \`wait_for\` (what=revocation, id=its ID). Uploaded, or in another store: a person revokes it at its CA or in that console; no tool here does. Deleting is not revoking: whoever has the key can use it until the certificate is revoked or expires.

${commonRules}`,
});
