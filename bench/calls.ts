import { Agent, request } from "undici";
import { setCdnDomainSSLCertificate } from "../src/catalogue/alibaba-cdn/set-cdn-domain-ssl-certificate.js";
import { updateDomainHttpsCert } from "../src/catalogue/huawei-live/update-domain-https-cert.js";
import type { Operation } from "../src/catalogue/operation.js";
import { describeCertificates } from "../src/catalogue/tencent-ssl/describe-certificates.js";
import { modifyCertificateAlias } from "../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { CONNECTIONS } from "../src/cloud/dispatcher.js";
import { packer } from "../src/cloud/outgoing.js";
import { chain, key, projectId } from "./material.js";
import { inTurns } from "./measure.js";
import { optionsFor, ourClient, unlimited } from "./our-client.js";
import type { Answered } from "./replies.js";
import { startReplies } from "./reply-process.js";
import { officialSdks } from "./rivals.js";
import { type Row, rowOf, type Unit } from "./row.js";

const CALLS_A_SECOND: Unit = { name: "/s", digits: 0, ratio: "share" };
const ROUNDS = 41;
/** How long one measurement takes, in milliseconds. */
const SLICE = 120;

type Params = Readonly<Record<string, unknown>>;
/** @param signal by which the call could be taken back */
type Call = (signal: AbortSignal) => Promise<unknown>;

interface Measured {
  readonly operation: Operation;
  readonly answered: Answered;
  readonly params: Params;
  readonly what: string;
}

const calls: readonly Measured[] = [
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

/** Calls a second of our client, the official SDKs and bare undici, at 1 and at 50 in flight. */
export async function callsASecond(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const call of calls) for (const inFlight of [1, 50]) rows.push(...(await compare(call, inFlight)));
  return rows;
}

async function compare({ operation, answered, params, what }: Measured, inFlight: number): Promise<Row[]> {
  const replies = await startReplies(answered);
  const { client, close } = ourClient(replies.address);
  const bare = bareUndici(replies.address, operation, params);
  const { name, call } = officialSdks[operation.service.cloud];
  const measured = unlimited(operation);
  const [ours = [], sdk = [], raw = []] = await inTurns(
    ROUNDS,
    [
      (signal: AbortSignal) => client.send(measured, params, signal),
      call(replies.address, params, operation.name),
      bare.call,
    ].map((one) => () => rateOf(one, inFlight)),
  );
  await close();
  await bare.close();
  replies.stop();
  // Of a list, the most part is JSON.parse in both clients.
  const limited = inFlight > 1 && answered !== "DescribeCertificates";
  const common = { what: `Calls, ${inFlight} in flight, ${what}`, ours, unit: CALLS_A_SECOND };
  return [
    rowOf({ ...common, rival: name, theirs: sdk, ...(limited && { limit: { atLeast: 3 } }) }),
    rowOf({ ...common, rival: "undici, same bytes", theirs: raw, ...(limited && { limit: { atLeast: 0.45 } }) }),
  ];
}

/** The bytes that our client sends, signed once and sent by undici alone; the reply is read as text. */
export function bareUndici(address: URL, operation: Operation, params: Params) {
  const { origin, path, method, headers, body } = packer(optionsFor(address))(operation, params).sign(new Date());
  const url = new URL(path, origin);
  const dispatcher = new Agent({ connections: CONNECTIONS });
  const call: Call = async () => (await request(url, { method, headers, body, dispatcher })).body.text();
  return { call, close: () => dispatcher.close() };
}

/** Calls a second with always `inFlight` of them under way. */
async function rateOf(call: Call, inFlight: number): Promise<number> {
  const start = performance.now();
  let made = 0;
  const caller = async () => {
    const { signal } = new AbortController();
    while (performance.now() - start < SLICE) {
      await call(signal);
      made += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  return made / ((performance.now() - start) / 1000);
}
