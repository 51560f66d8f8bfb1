import { Agent, request } from "undici";
import { setCdnDomainSSLCertificate } from "../src/catalogue/alibaba-edges.js";
import { updateDomainHttpsCert } from "../src/catalogue/huawei-live/update-domain-https-cert.js";
import type { Operation } from "../src/catalogue/operation.js";
import { describeCertificates } from "../src/catalogue/tencent-ssl/describe-certificates.js";
import { modifyCertificateAlias } from "../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { CONNECTIONS } from "../src/cloud/dispatcher.js";
import { createRequestBuilder } from "../src/cloud/request-builder.js";
import { chain, key, projectId } from "./material.js";
import { optionsFor, ourClient, unlimited } from "./our-client.js";
import type { ReplyName } from "./replies.js";
import { officialSdks } from "./rivals.js";

type Params = Readonly<Record<string, unknown>>;
/** @param signal cancels the call */
export type Call = (signal: AbortSignal) => Promise<unknown>;

/** A measured call. */
export interface MeasuredCall {
  readonly operation: Operation;
  readonly answered: ReplyName;
  readonly params: Params;
  readonly what: string;
}

export const calls: readonly MeasuredCall[] = [
  {
    operation: modifyCertificateAlias,
    answered: "ModifyCertificateAlias",
    params: { CertificateId: "aB3dE100fG", Alias: "web-2026" },
    what: "a change at Tencent Cloud",
  },
  {
    operation: setCdnDomainSSLCertificate,
    answered: "SetCdnDomainSSLCertificate",
    params: { DomainName: "img.example.com", SSLProtocol: "on", CertType: "cas", CertId: 8089870 },
    what: "a change at Alibaba Cloud",
  },
  {
    operation: setCdnDomainSSLCertificate,
    answered: "SetCdnDomainSSLCertificate",
    params: {
      DomainName: "img.example.com",
      SSLProtocol: "on",
      CertType: "upload",
      CertName: "web-2026",
      SSLPub: chain,
      SSLPri: key,
    },
    what: "a certificate to Alibaba Cloud, 9 KB",
  },
  {
    operation: updateDomainHttpsCert,
    answered: "UpdateDomainHttpsCert",
    params: {
      project_id: projectId,
      domain: "play.example.com",
      tls_certificate: { source: "scm", cert_id: "scs1600000000000" },
    },
    what: "a change at Huawei Cloud",
  },
  {
    operation: describeCertificates,
    answered: "DescribeCertificates",
    params: { Limit: 20, ExpirationSort: "ASC", CertificateStatus: [1] },
    what: "a list of 20 certificates, 24 KB of JSON",
  },
];

/** Makes the calls, to a server at `address`. */
export const contestants = {
  ours: (address, { operation, params }) => {
    const { client } = ourClient(address);
    const measured = unlimited(operation);
    return (signal) =>
      measured.effect === "read"
        ? client.send(measured, params, signal)
        : client.sendApproved(measured, params, client.credentialIdOf(measured.service), signal);
  },
  official: (address, { operation, params }) =>
    officialSdks[operation.service.cloud].call(address, params, operation.name),
  undici: (address, { operation, params }) => bareUndici(address, operation, params).call,
} satisfies Readonly<Record<string, (address: URL, measured: MeasuredCall) => Call>>;

export type Contestant = keyof typeof contestants;

/** The bytes that our client sends, signed once and sent by undici alone; the reply is read as text. */
export function bareUndici(address: URL, operation: Operation, params: Params) {
  const options = optionsFor(address);
  const prepared = createRequestBuilder(options)(operation, params, options.source.latest());
  const { origin, path, method, headers, body } = prepared.sign(new Date());
  const url = new URL(path, origin);
  const dispatcher = new Agent({ connections: CONNECTIONS });
  const call: Call = async () => (await request(url, { method, headers, body, dispatcher })).body.text();
  return { call, close: () => dispatcher.close() };
}
