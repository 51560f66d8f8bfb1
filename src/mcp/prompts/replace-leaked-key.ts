import { prompt, throughout } from "./prompt.js";

export const replaceLeakedKey = prompt({
  name: "replace_leaked_key",
  title: "Replace a leaked key",
  description: "A private key is known to others: new key first, served everywhere, then the old certificate goes.",
  arguments: {
    certificate: { kind: "certificate", description: "ID of the certificate whose key leaked", required: true },
  },
  text: ({
    certificate,
  }) => `The private key of certificate ${certificate} (Tencent Cloud SSL) is, or may be, known to others. Order: new key, served everywhere, only then the old one goes. Revoking first takes the sites down.

1. Never look at the key, nor ask for it. Ask: since when, and where else is it used: other certificates, clouds, servers of their own?
2. \`DescribeCertificate\` (CertificateId=${certificate}); \`find_certificates\` (domain=its main name, with_bindings=true); \`DescribeCertificateOperateLogs\` for downloads of it. Domains of other clouds that serve the same key may have it under another name: compare what they serve (with_edges). STOP until the list of places is agreed.
3. A certificate with a NEW key; ask which:
   - free: \`ApplyCertificate\`;
   - from the CA they use: a new CSR (\`CreateCSR\`, Generate=true), then file: references;
   - reissue: \`ReplaceCertificate\` (CertificateId=${certificate}, CsrType=Online). CsrType Original keeps the leaked key.
4. \`wait_for\` (what=certificate, id=the new ID): a person sets the proof record. STOP until they have.
5. \`inspect_certificate\` on both: every name covered, and the keys differ. The same key: STOP.
6. One \`deploy_certificate\` for all places, then \`wait_for\` (what=deployment, id=its job) and \`check_served_certificate\` (domains=all names, fingerprint=the new one's). Own servers: the person does it. Here \`roll_back\` would bring the leaked key back.
7. STOP until every place is served: not accepted, not propagating.
8. \`RevokeCertificate\` (CertificateId=${certificate}, Reason=key compromise): its plan shows where the old one is still bound or served, and what could not be seen; while anything serves it, it is refused. Then \`wait_for\` (what=revocation, id=${certificate}). An uploaded certificate is revoked by the person, at its CA. Deleting is not revoking: whoever has the key can use it until the certificate is revoked or expires.

${throughout}`,
});
