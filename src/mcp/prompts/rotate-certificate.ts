import { commonRules, prompt } from "./prompt.js";

const choice = `ask the person which, and STOP until they have chosen:
   - one that is there already (step 1 shows those of the same names);
   - a free one for one domain: \`ApplyCertificate\`;
   - one from another CA, as file: references;
   - only if tencent_ssl ordered it: a reissue, \`ReplaceCertificate\`, which cannot be undone; CsrType Original keeps the old key.`;

export const rotateCertificate = prompt({
  name: "rotate_certificate",
  title: "Rotate a certificate",
  description: "Replace a certificate wherever it is used, and prove that the new one is served.",
  arguments: {
    certificate: {
      kind: "certificate",
      description: "ID or name of the certificate in use, in any store",
      required: true,
    },
    replacement: {
      kind: "certificate or reference",
      description: "The new one: ID or reference; asked for when absent",
      required: false,
    },
  },
  text: ({ certificate, replacement }) => `Replace certificate "${certificate}" wherever it is used.

1. \`find_certificates\` (certificate_id="${certificate}"): its store and ID; several rows: ask which. Then \`find_certificates\` (domain=its main name, with_bindings=true): names, expiry, source, what it is bound to, and the domains of every cloud that it covers. If incomplete or not_visible names something, ask the person about it.
2. The new certificate: ${replacement === undefined ? choice : `use "${replacement}".`}
3. If it was applied for or reissued: \`wait_for\` (what=certificate, id=its ID). Pass the validation record on word for word. STOP until the person says that it is set; only DNS_AUTO sets it by itself. "still running" is not issued.
4. \`inspect_certificate\`: it covers every name of step 1, and its key fits. On a fault STOP and show it.
5. Show the person every target and what it has now. STOP until they agree to the list. Then one \`deploy_certificate\` for all.
6. \`wait_for\` (what=deployment, id=its job), then \`check_served_certificate\` (domains=all names, fingerprint=the new one's). If a target failed, fix the cause and make the same \`deploy_certificate\` call again; it does only what is left. If visitors are worse off, offer \`roll_back\`.
7. Keep the old certificate. Delete it only if the person asks, everything is served and nothing is bound to it: at Tencent Cloud SSL \`delete_unused_certificates\` (certificate_ids=its ID) cannot be undone; in another store the console deletes it.

Report each target as served, accepted, failed or not attempted.
${commonRules}`,
});
