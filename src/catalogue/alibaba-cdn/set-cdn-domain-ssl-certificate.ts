import { safe } from "../../lib/safe-text.js";
import { domainCertificate, errorsWith } from "../alibaba-params.js";
import { defineChange } from "../operation.js";
import { alibabaCdn } from "../services.js";

export const setCdnDomainSSLCertificate = defineChange({
  ...domainCertificate("alibaba-cdn", safe`CDN`),
  name: "SetCdnDomainSSLCertificate",
  service: alibabaCdn,
  title: "Set the certificate of a CDN domain",
  titleInChinese: "设置 CDN 加速域名证书",
  example: {
    DomainName: "img.example.com",
    SSLProtocol: "on",
    CertType: "upload",
    SSLPub: "file:site.pem",
    SSLPri: "file:site.key",
    CertName: "img-2027-03",
  },
  errors: errorsWith("InvalidEnv"),
});
