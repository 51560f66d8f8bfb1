import type { IncomingMessage } from "node:http";
import { altersAccount } from "../catalogue/operation.js";
import type { Account } from "./account.js";
import { parseKnownCertificate, readKeyPair } from "./certificate.js";
import type { DeliveryCertificate, DeliveryDomain } from "./delivery.js";
import type { SandboxEdge } from "./edge/edge.js";
import { deploymentOf, servedBy } from "./edgeone-hosts.js";
import { jsonReply, readRequest, type SandboxReply } from "./http.js";
import type { LoggedRequest } from "./request-log.js";
import { advance } from "./tencent-ssl/advance.js";
import { certificateNamesOf } from "./tencent-ssl/certificate-facts.js";
import type { StoredSslCertificate } from "./tencent-ssl/state.js";

/** What tests and users can query about the sandbox: its state and the requests it received. Never a private key. */
export async function answerControl(
  message: IncomingMessage,
  account: Account,
  requests: readonly LoggedRequest[],
  edge: SandboxEdge,
): Promise<SandboxReply> {
  const request = await readRequest(message, 0);
  if (request?.method !== "GET") return jsonReply(405, { error: "only GET" }, { allow: "GET" });
  switch (request.path) {
    case "/state":
      return jsonReply(200, { ...stateOf(account), edge: edge.state() });
    case "/ca.pem":
      return {
        status: 200,
        headers: { "content-type": "application/pem-certificate-chain" },
        body: account.authority.rootPem,
      };
    case "/requests": {
      const mutatingOnly = new URLSearchParams(request.query).get("mutating") === "1";
      return jsonReply(200, mutatingOnly ? requests.filter(altersAccount) : requests);
    }
    default:
      return jsonReply(404, { error: "only /state, /requests and /ca.pem" });
  }
}

function stateOf(account: Account) {
  advance(account);
  return {
    at: account.clock.now(),
    certificates: [...account.ssl.certificates.values()].map(certificateState),
    zones: [...account.zones.values()].map(({ id, hosts }) => ({
      id,
      hosts: [...hosts.values()].map((host) => ({
        name: host.name,
        mode: host.mode,
        status: deploymentOf(host, account),
        certificates: servedBy(host, account).map(({ id: certificateId, certificatePem }) => ({
          id: certificateId,
          fingerprint: parseKnownCertificate(certificatePem).fingerprint,
        })),
        clientCaIds: host.clientCaIds,
        changedAt: host.changedAt,
      })),
    })),
    cdn: domainStates(account.cdn),
    dcdn: domainStates(account.dcdn),
    vod: domainStates(account.vod),
    live: domainStates(account.live),
  };
}

function certificateState(certificate: StoredSslCertificate) {
  const { id, alias, status, material } = certificate;
  const { notAfter, fingerprint } = material?.parsed ?? {};
  return { id, alias, domains: certificateNamesOf(certificate), status, notAfter, fingerprint };
}

function domainStates(domains: ReadonlyMap<string, DeliveryDomain>) {
  return [...domains.values()].map(({ certificate, smCertificates, ...domain }) => ({
    ...domain,
    certificate: certificate && servedState(certificate),
    smCertificates: smCertificates && {
      sign: servedState(smCertificates.sign),
      enc: servedState(smCertificates.enc),
    },
  }));
}

function servedState({ id, name, certificatePem, privateKeyPem }: DeliveryCertificate) {
  const { names, notAfter, fingerprint } = parseKnownCertificate(certificatePem);
  const keyMatches = typeof readKeyPair(certificatePem, privateKeyPem) === "object";
  return { id, name, names, notAfter, fingerprint, keyMatches };
}
