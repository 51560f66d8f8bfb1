import { commonRules, prompt } from "./prompt.js";

export const issueFreeCertificate = prompt({
  name: "issue_free_certificate",
  title: "Issue a free certificate",
  description: "Apply for a free certificate at Tencent Cloud, validate the domain, and deploy it if wanted.",
  arguments: {
    domain: { kind: "domain", description: "The domain to be covered", required: true },
    zone: { kind: "zone", description: "EdgeOne zone to deploy it in", required: false },
  },
  text: ({ domain, zone }) => {
    if (domain.startsWith("*.")) return noWildcards(domain);
    return `Obtain a free certificate for ${domain} from Tencent Cloud (DV, one domain, three months).

1. \`find_certificates\` (domain=${domain}): is there a valid one, or an application that is waiting? Then ask whether another is wanted; free ones are limited in number.
2. Ask how the domain is to be proven, and STOP until it is answered:
   - DNS: a person sets a record where the domain's DNS is kept;
   - DNS_AUTO: only if that is Tencent Cloud DNS of the same account; it changes the zone by itself;
   - FILE: a person puts a file on the web server.
   Ask too: RSA (default) or ECC (CsrEncryptAlgo, CsrKeyParameter).
3. \`ApplyCertificate\` (DomainName=${domain}, DvAuthMethod=as chosen). A call whose outcome is unknown is never repeated: each one makes another application. Find out with \`find_certificates\`.
4. \`wait_for\` (what=certificate, id=the new ID) spells the record or file out, and until when it must be in place. Give it to the person word for word, a file line by line. STOP until they say that it is set; then \`wait_for\` again. "still running" is not issued; it may take hours.
5. Review failed: say so, with the reason. To give up while it waits: \`CancelAuditCertificate\`.
6. Issued: \`inspect_certificate\` (certificate_id=the new ID, domains=${domain}).
7. Ask where it is to serve${zone === undefined ? "" : `: EdgeOne zone ${zone}, its hosts that the certificate covers (\`DescribeHostTeoInstanceList\`), or elsewhere too`}. STOP until the targets are agreed. Then \`deploy_certificate\`, \`wait_for\` (what=deployment, id=its job), \`check_served_certificate\` (domains=${domain}, certificate_id=the new ID).
8. Files are made only if asked for: \`DownloadCertificate\` keeps key and chain under a vault: reference, \`save_to_file\` writes them into a directory that the operator named.

${commonRules}`;
  },
});

/** The cloud would refuse the application; everything before it would have been asked for nothing. */
const noWildcards = (
  domain: string,
) => `A certificate is wanted for ${domain}. Free certificates of Tencent Cloud cover one name and no wildcard, so none is applied for. STOP: tell the person, and ask which they want:

1. One that is there already: \`find_certificates\` (domain=${domain}) shows it; \`deploy_certificate\` puts it in place.
2. A free one for each single host (prompt issue_free_certificate once for each): ask which hosts there are.
3. A wildcard certificate that they buy or issue elsewhere, as file: references to chain and key: \`inspect_certificate\`, then \`deploy_certificate\`.

What a wildcard serves is seen at its hosts: \`check_served_certificate\` (domains=hosts below it). STOP until the choice is made.

${commonRules}`;
