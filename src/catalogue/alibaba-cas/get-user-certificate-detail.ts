import { defineRead } from "../operation.js";
import { integer, struct } from "../params.js";
import { bool, int, keyString, reply, string } from "../results.js";
import { secretNames } from "../sensitive.js";
import { alibabaCas } from "../services.js";
import { casErrors, casRegion, casStores } from "./stores.js";

const result = reply({
  Id: int(),
  Name: string(),
  CertIdentifier: string(),
  Common: string(),
  Sans: string(),
  Issuer: string(),
  Algorithm: string(),
  StartDate: string(),
  EndDate: string(),
  NotBefore: int(),
  NotAfter: int(),
  Expired: bool(),
  BuyInAliyun: bool(),
  Fingerprint: string(),
  Sha2: string(),
  SerialNo: string(),
  InstanceId: string(),
  ResourceGroupId: string(),
  Cert: string(),
  SignCert: string(),
  EncryptCert: string(),
  Key: keyString(),
  SignPrivateKey: keyString(),
  EncryptPrivateKey: keyString(),
});

/** The cloud's own default is to send the private key along; here nobody can ask for it (docs/cloud-behaviour.md 5.6). */
export const getUserCertificateDetail = defineRead({
  name: "GetUserCertificateDetail",
  service: alibabaCas,
  title: "Look up a certificate at Alibaba Cloud",
  titleInChinese: "查询证书详情",
  summary: "One certificate in one of Alibaba Cloud's two stores: names, expiry, fingerprints. Never its key.",
  stores: casStores,
  fixedParams: { CertFilter: true },
  params: struct({
    CertRegion: casRegion().optional(),
    CertId: integer("Certificate ID", { min: 1 }),
  }),
  example: { CertId: 8089870 },
  result,
  replyFacts: {
    summary: { leaveOut: ["Cert", "SignCert", "EncryptCert", "OrgName", "Country", "Province", "City"] },
  },
  // Even if the cloud did not honour CertFilter.
  droppedMembers: new Set(secretNames(result)),
  errors: casErrors,
});
