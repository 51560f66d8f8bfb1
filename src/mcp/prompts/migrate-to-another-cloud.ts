import { commonRules, prompt } from "./prompt.js";

/** What to know about each service before deploying there. */
const places: Readonly<Record<string, string>> = {
  "tencent-edgeone":
    "Tencent Cloud EdgeOne (`ModifyHostsCertificate`): takes certificates that are at Tencent Cloud SSL, so any other goes there first; needs zone and hosts.",
  "alibaba-cdn": "Alibaba Cloud CDN (`SetCdnDomainSSLCertificate`): needs domains that are there and online.",
  "alibaba-dcdn": "Alibaba Cloud DCDN: needs domains that are there and online.",
  "alibaba-vod":
    "Alibaba Cloud VOD (`SetVodDomainSSLCertificate`): needs domains that are there and online; China (Shanghai) only.",
  "huawei-live":
    "Huawei Cloud Live (`UpdateDomainHttpsCert`): needs the project_id; the redirect from HTTP is kept unless force_redirect sets it.",
};

export const migrateToAnotherCloud = prompt({
  name: "migrate_to_another_cloud",
  title: "Take a certificate to another cloud",
  description: "Bring a certificate and its key to another service, check it there, and only then move visitors.",
  arguments: {
    certificate: { kind: "certificate or reference", description: "Certificate ID, name or reference", required: true },
    service: { kind: "delivery service", description: "Where it is to serve", required: true },
    domains: { kind: "domains", description: "Domains there, with commas between them", required: false },
    zone: { kind: "zone", description: "EdgeOne: the zone", required: false },
  },
  text: ({ certificate, service, domains, zone }) => {
    const isId = !certificate.includes(":");
    const look = isId
      ? `\`find_certificates\` (certificate_id="${certificate}", with_bindings=true): its store, ID, names, expiry, where it serves now; several rows: ask which.`
      : "Ask where it serves now.";
    const key = isId
      ? "From tencent_ssl, `deploy_certificate` (certificate_id=its ID) takes it along, or `DownloadCertificate` keeps it under a vault: reference. A store of another cloud gives no key: it serves that cloud only, so ask for file: references, or STOP and offer a new certificate (prompt issue_free_certificate)."
      : `"${certificate}" must bring it, or another reference.`;
    return `Bring certificate "${certificate}" to ${places[service]}

1. ${look}
2. Ask for ${domains === undefined ? "the domains" : `what else is needed besides the domains ${domains}`}${zone === undefined ? "" : ` (zone ${zone})`}; they must have been set up there already. STOP until the list is agreed.
3. Its private key goes along. ${key} Never ask for the key itself.
4. \`inspect_certificate\` (domains=all of them): covered, key fits, chain whole, days left. Under 30 days, ask whether to renew first. On a fault STOP.
5. \`check_served_certificate\` (domains=all of them): note what visitors get today.
6. \`deploy_certificate\` with these targets: one plan, one approval. Then \`wait_for\` (what=deployment, id=its job).
7. While DNS still points to the old cloud, check the new one directly: ask for the address that its CNAME resolves to, then \`check_served_certificate\` (domains=one, address=that address). STOP until it is serving there.
8. STOP: a person switches DNS; no tool here does. Advise a short TTL beforehand. Then \`check_served_certificate\` (domains=all of them) until every address is serving. Going back is the same switch.
9. Leave the old cloud as it is until the old TTL has passed. Taking it down is a separate job, requested separately; nothing is deleted while it is bound.

${commonRules}`;
  },
});
