import { setCdnDomainSSLCertificate } from "../../catalogue/alibaba-cdn/set-cdn-domain-ssl-certificate.js";
import { asAlibabaWrites } from "../../catalogue/alibaba-params.js";
import { setVodDomainSSLCertificate } from "../../catalogue/alibaba-vod/set-vod-domain-ssl-certificate.js";
import { certificateInWords } from "../../edge/in-words.js";
import type { JobTarget } from "../../jobs/job.js";
import type { Delivery, Ground } from "./delivery.js";
import { chainChangeOf, changeOf, showsAtEdge, sightOf } from "./edge-sight.js";
import { sendOnce } from "./send-once.js";
import { copyName } from "./targets.js";
import type { Wanted } from "./wanted.js";

/** A domain of Alibaba Cloud CDN or VOD: it is sent the certificate with its key, under a name of its own. */
export const alibaba: Delivery = {
  look: ({ at }, { facts }, { context }) => sightOf(at, facts, context),
  step: ({ at, certName }, wanted, sight, ground) => ({
    name: at.name,
    operation: operationFor(at),
    params: {
      DomainName: asAlibabaWrites(at.domain ?? ""),
      SSLProtocol: "on",
      CertType: "upload",
      CertName: certName ?? nameFor(at, wanted, ground),
      SSLPub: wanted.pair?.certificate,
      SSLPri: wanted.pair?.privateKey,
    },
    changes: [changeOf(at, certificateInWords(wanted.facts)), ...chainChangeOf(at, sight, wanted)],
  }),
  deliver: async (step, ...rest) => ({ ...(await sendOnce(step, ...rest)), copy: String(step.params.CertName) }),
  tookEffect: async (at, { facts }, { context }) => ((await showsAtEdge(at, facts, context)) ? {} : undefined),
};

export function operationFor({ service }: Pick<JobTarget, "service">) {
  return service === "alibaba-cdn" ? setCdnDomainSSLCertificate : setVodDomainSSLCertificate;
}

/** How many digits of the fingerprint a name has. */
const DIGITS = 8;

/**
 * A name that no copy has, for a taken one is refused: another machine, or one whose journal was lost, may have stored
 * this certificate for this domain before, and a call that fails may have stored it all the same (netcccyun/dnsmgr#165).
 * So it says which certificate, which process, and when something was sent there before. It stays the same while a person
 * is asked.
 */
function nameFor({ id, service, domain = "" }: JobTarget, { facts }: Wanted, { lastTried, context }: Ground): string {
  const last = lastTried(id);
  const after = last === undefined ? "" : `-${last.toString(36)}`;
  // Both services keep their copies in one store.
  const of = service === "alibaba-vod" ? "-vod" : "";
  return copyName(domain.replace(/^\*\./, ""), `${of}-${facts.sha256.slice(0, DIGITS)}-${context.nonce}${after}`);
}
