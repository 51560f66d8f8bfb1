import type { Answer } from "./answer.js";
import { type Check, type Finding, failure, ok, warning } from "./finding.js";

/** A call takes several round trips; beyond this, time limits come close. In milliseconds. */
const SLOW = 3_000;

export const endpoints: Check = {
  name: "endpoints",
  run: async ({ answers }) => answers.map(reached),
};

function reached({ service, url, took, fault }: Answer): Finding {
  const place = `${service.title}, ${url.host}`;
  if (took === undefined) return failure(`${place}: no answer (${fault}).`, remedyFor(fault ?? ""));
  const says = `${place}: connected and answered in ${Math.round(took)} ms.`;
  return took > SLOW ? warning(says, "Calls may run into their time limit: see --timeout.") : ok(says);
}

function remedyFor(fault: string): string {
  if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS/.test(fault)) {
    return "Something between here and the cloud shows a certificate of its own: where that is meant to be, name its root in NODE_EXTRA_CA_CERTS.";
  }
  if (/ENOTFOUND|EAI_AGAIN/.test(fault)) return "The name does not resolve here: check DNS, the region and the proxy.";
  return "Check the network, the firewall and the proxy.";
}
