import { safe } from "../../lib/safe-text.js";
import { domainCertificate, errorsWith } from "../alibaba-params.js";
import { defineChange } from "../operation.js";
import { alibabaVod } from "../services.js";

export const setVodDomainSSLCertificate = defineChange({
  ...domainCertificate("alibaba-vod", safe`VOD`),
  name: "SetVodDomainSSLCertificate",
  service: alibabaVod,
  title: "Set the certificate of a VOD domain",
  titleInChinese: "设置点播加速域名证书",
  example: {
    DomainName: "vod.example.com",
    SSLProtocol: "on",
    CertType: "upload",
    SSLPub: "file:site.pem",
    SSLPri: "file:site.key",
    CertName: "vod-2027-03",
  },
  errors: errorsWith("DomainOwnerVerifyFail"),
});
