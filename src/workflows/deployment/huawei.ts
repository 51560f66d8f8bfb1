import { updateDomainHttpsCert } from "../../catalogue/huawei-live/update-domain-https-cert.js";
import { planned, unseen } from "../../catalogue/planned.js";
import { certificateInWords } from "../../edge/in-words.js";
import { safe } from "../../visible.js";
import type { Delivery } from "./delivery.js";
import { chainChangeOf, changeOf, showsAtEdge, sightOf } from "./edge-sight.js";
import { sendOnce } from "./send-once.js";
import { targetInWords } from "./targets.js";

/** No operation offered here tells the redirect, so nobody should take what was asked for it as done. */
const redirectUnseen = safe`it serves this certificate already; whether HTTP is redirected cannot be seen and was not changed: UpdateDomainHttpsCert sets it`;

/** A domain of Huawei Cloud Live: it is sent the certificate with its key, and whether HTTP is redirected. */
export const huawei: Delivery = {
  look: async ({ at }, { facts }, { context }) => {
    const sight = await sightOf(at, facts, context);
    return sight.has ? { ...sight, says: redirectUnseen } : sight;
  },
  step: ({ at }, wanted, sight) => ({
    name: at.name,
    operation: updateDomainHttpsCert,
    params: {
      project_id: at.projectId,
      domain: at.domain,
      force_redirect: at.forceRedirect,
      tls_certificate: {
        source: "user",
        certificate: wanted.pair?.certificate,
        certificate_key: wanted.pair?.privateKey,
      },
    },
    changes: [
      changeOf(at, certificateInWords(wanted.facts)),
      ...chainChangeOf(at, sight, wanted),
      planned(unseen(targetInWords(at)), "redirect", at.forceRedirect ? safe`HTTP redirected to HTTPS` : safe`off`),
    ],
  }),
  deliver: sendOnce,
  tookEffect: async (at, { facts }, { context }) => ((await showsAtEdge(at, facts, context)) ? {} : undefined),
};
