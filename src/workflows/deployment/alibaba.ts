import { setCdnDomainSSLCertificate } from "../../catalogue/alibaba-cdn/set-cdn-domain-ssl-certificate.js";
import { setVodDomainSSLCertificate } from "../../catalogue/alibaba-vod/set-vod-domain-ssl-certificate.js";
import { certificateInWords } from "../../edge/in-words.js";
import type { JobTarget } from "../../jobs/job.js";
import type { Delivery } from "./delivery.js";
import { changeOf, showsAtEdge, sightOf } from "./edge-sight.js";
import { sendOnce } from "./send-once.js";
import type { Wanted } from "./wanted.js";

/** A domain of Alibaba Cloud CDN or VOD: it is sent the certificate with its key, under a name of its own. */
export const alibaba: Delivery = {
  look: ({ at }, { facts }, { context }) => sightOf(at, facts.sha256, context),
  step: ({ at, certName }, wanted, _sight, { timesBefore }) => ({
    name: at.name,
    operation: operationFor(at),
    params: {
      DomainName: at.domain,
      SSLProtocol: "on",
      CertType: "upload",
      CertName: certName ?? nameFor(at, wanted, timesBefore(at.id, wanted.facts.sha256)),
      SSLPub: wanted.pair?.certificate,
      SSLPri: wanted.pair?.privateKey,
    },
    changes: [changeOf(at, certificateInWords(wanted.facts))],
  }),
  deliver: async (step, ...rest) => ({ ...(await sendOnce(step, ...rest)), copy: String(step.params.CertName) }),
  tookEffect: async (at, { facts }, { context }) => ((await showsAtEdge(at, facts.sha256, context)) ? {} : undefined),
};

export function operationFor({ service }: Pick<JobTarget, "service">) {
  return service === "alibaba-cdn" ? setCdnDomainSSLCertificate : setVodDomainSSLCertificate;
}

/** How many digits of the fingerprint a name has. */
const DIGITS = 8;
/** The longest name that is taken (docs/cloud-behaviour.md 5.3). */
const LONGEST = 128;

/**
 * A name that another certificate or domain cannot have: a taken one is refused. The same job gives the same name, so
 * that a copy of which nothing is known is not stored twice.
 */
function nameFor({ domain = "" }: JobTarget, { facts }: Wanted, timesBefore: number): string {
  const again = timesBefore === 0 ? "" : `-${timesBefore + 1}`;
  const end = `-${facts.sha256.slice(0, DIGITS)}${again}`;
  return `${domain.replace(/^[.*]+/, "").slice(0, LONGEST - end.length)}${end}`;
}
