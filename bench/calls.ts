import { Agent, request } from "undici";
import { setCdnDomainSSLCertificate } from "../src/catalogue/alibaba-cdn/set-cdn-domain-ssl-certificate.js";
import { updateDomainHttpsCert } from "../src/catalogue/huawei-live/update-domain-https-cert.js";
import type { Operation } from "../src/catalogue/operation.js";
import type { Cloud } from "../src/catalogue/services.js";
import { describeCertificates } from "../src/catalogue/tencent-ssl/describe-certificates.js";
import { packer } from "../src/cloud/outgoing.js";
import { projectId } from "./material.js";
import { inTurns } from "./measure.js";
import { optionsFor, ourClient, unlimited } from "./our-client.js";
import { startReplies } from "./reply-process.js";
import { officialSdks } from "./rivals.js";
import { type Row, rowOf, type Unit } from "./row.js";

const CALLS_A_SECOND: Unit = { name: "/s", digits: 0, ratio: "share" };
const ROUNDS = 15;
/** How long one measurement takes, in milliseconds. */
const SLICE = 400;

type Call = () => Promise<unknown>;

const calls: readonly (readonly [Cloud, Operation, Readonly<Record<string, unknown>>])[] = [
  ["tencent", unlimited(describeCertificates), { Limit: 20, ExpirationSort: "ASC", CertificateStatus: [1] }],
  [
    "alibaba",
    unlimited(setCdnDomainSSLCertificate),
    { DomainName: "img.example.com", SSLProtocol: "on", CertType: "cas", CertId: 8089870 },
  ],
  [
    "huawei",
    unlimited(updateDomainHttpsCert),
    {
      project_id: projectId,
      domain: "play.example.com",
      tls_certificate: { source: "scm", cert_id: "scs1600000000000" },
    },
  ],
];

/** Calls a second of our client, the official SDKs and bare undici, at 1 and at 50 in flight. */
export async function callsASecond(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [cloud, operation, params] of calls) {
    const replies = await startReplies(cloud);
    const { client, close } = ourClient(replies.address);
    const bare = bareUndici(replies.address, operation, params);
    const ours = () => client.send(operation, params, new AbortController().signal);
    const { name, call } = officialSdks[cloud];
    const official = call(replies.address, params);
    for (const inFlight of [1, 50]) {
      const [own = [], sdk = [], raw = []] = await inTurns(
        ROUNDS,
        [ours, official, bare.call].map((one) => () => rateOf(one, inFlight)),
      );
      const common = { what: `Calls, ${cloud}, ${inFlight} in flight`, ours: own, unit: CALLS_A_SECOND };
      const limited = inFlight > 1;
      rows.push(rowOf({ ...common, rival: name, theirs: sdk, ...(limited && { limit: { atLeast: 3 } }) }));
      rows.push(
        rowOf({ ...common, rival: "undici, same bytes", theirs: raw, ...(limited && { limit: { atLeast: 0.45 } }) }),
      );
    }
    await close();
    await bare.close();
    replies.stop();
  }
  return rows;
}

/** The bytes that our client sends, signed once and sent by undici alone; the reply is read as text. */
function bareUndici(address: URL, operation: Operation, params: Readonly<Record<string, unknown>>) {
  const { url, method, headers, body } = packer(optionsFor(address))(operation, params).sign(new Date());
  const dispatcher = new Agent({ connections: 16 });
  const call: Call = async () => (await request(url, { method, headers, body, dispatcher })).body.text();
  return { call, close: () => dispatcher.close() };
}

/** Calls a second with always `inFlight` of them under way. */
async function rateOf(call: Call, inFlight: number): Promise<number> {
  const start = performance.now();
  let made = 0;
  const caller = async () => {
    while (performance.now() - start < SLICE) {
      await call();
      made += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  return made / ((performance.now() - start) / 1000);
}
