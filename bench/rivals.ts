import { Agent } from "node:http";
import { createRequire } from "node:module";
import { BasicCredentials } from "@huaweicloud/huaweicloud-sdk-core";
import { HcClient } from "@huaweicloud/huaweicloud-sdk-core/HcClient.js";
import { DefaultHttpClient } from "@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js";
import { CommonClient } from "tencentcloud-sdk-nodejs-common";
import { credentials, projectId } from "./material.js";

/** The official SDKs, set up for the measured calls, with kept-alive connections even if that is not their default. */

type Call = () => Promise<unknown>;
type Params = Readonly<Record<string, unknown>>;

export const officialSdks = {
  tencent: {
    name: "tencentcloud-sdk-nodejs-common",
    call(address: URL, params: Params, action: string): Call {
      const agent = new Agent({ keepAlive: true });
      const client = new CommonClient(address.host, "2019-12-05", {
        credential: credentials.tencent,
        profile: { httpProfile: { protocol: "http://", agent } },
      });
      return () => client.request(action, params);
    },
  },
  alibaba: {
    name: "@alicloud/cdn20180510",
    call(address: URL, params: Params): Call {
      const require = createRequire(import.meta.url);
      const sdk: typeof import("@alicloud/cdn20180510", { with: { "resolution-mode": "require" }}) =
        require("@alicloud/cdn20180510");
      const { accessKeyId, accessKeySecret } = credentials.alibaba;
      const options = { accessKeyId, accessKeySecret, endpoint: address.host, protocol: "HTTP", toMap: () => ({}) };
      const client = new sdk.default(options);
      const inItsWords = {
        domainName: params.DomainName,
        SSLProtocol: params.SSLProtocol,
        certType: params.CertType,
        certId: params.CertId,
        certName: params.CertName,
        SSLPub: params.SSLPub,
        SSLPri: params.SSLPri,
      };
      return () => client.setCdnDomainSSLCertificate(new sdk.SetCdnDomainSSLCertificateRequest(inItsWords));
    },
  },
  huawei: {
    name: "@huaweicloud/huaweicloud-sdk-core",
    call(address: URL, params: Params): Call {
      const { accessKey, secretKey } = credentials.huawei;
      const endpoints = [address.origin];
      const client = new HcClient(new DefaultHttpClient({}, endpoints))
        .withEndpoints(endpoints)
        .withCredential(new BasicCredentials({ projectId }).withAk(accessKey).withSk(secretKey));
      const { project_id, domain, ...data } = params;
      return () =>
        client.sendRequest({
          method: "PUT",
          url: "/v1/{project_id}/guard/https-cert",
          contentType: "application/json",
          queryParams: { domain },
          pathParams: { project_id },
          headers: {},
          data,
        });
    },
  },
} as const;
