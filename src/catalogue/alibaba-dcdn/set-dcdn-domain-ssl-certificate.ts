import { safe } from "../../lib/safe-text.js";
import { domainCertificate, errorsWith } from "../alibaba-params.js";
import { defineChange } from "../operation.js";
import { alibabaDcdn } from "../services.js";

/** Its codes are taken to be those of its twin in CDN (inferred, docs/cloud-behaviour.md 5.3). */
export const setDcdnDomainSSLCertificate = defineChange({
  ...domainCertificate("alibaba-dcdn", safe`DCDN`),
  name: "SetDcdnDomainSSLCertificate",
  service: alibabaDcdn,
  title: "Set the certificate of a DCDN domain",
  titleInChinese: "设置全站加速域名证书",
  example: {
    DomainName: "app.example.com",
    SSLProtocol: "on",
    CertType: "upload",
    SSLPub: "file:site.pem",
    SSLPri: "file:site.key",
    CertName: "app-2027-03",
  },
  errors: errorsWith(),
});
