import type { EndpointAnswer } from "./answer.js";
import { type Check, type DoctorFinding, doctorWarning, failure, ok } from "./finding.js";

/** A call takes several round trips; beyond this, time limits get close. In milliseconds. */
const SLOW = 3_000;

export const endpoints: Check = {
  name: "endpoints",
  run: async ({ answers }) => {
    const faults = new Set(answers.flatMap(({ fault }) => fault ?? []));
    const alike = (fault: string) => answers.filter((answer) => answer.fault === fault);
    return [...answers.flatMap(reached), ...[...faults].map((fault) => silent(fault, alike(fault)))];
  },
};

const placeOf = ({ service, url }: EndpointAnswer) => `${service.title}, ${url.host}`;

function reached(answer: EndpointAnswer): DoctorFinding[] {
  const { took } = answer;
  if (took === undefined) return [];
  const says = `${placeOf(answer)}: connected and answered in ${Math.round(took)} ms.`;
  return [took > SLOW ? doctorWarning(says, "Calls may run into their time limit: see --timeout.") : ok(says)];
}

/** Equal failures have one cause. */
function silent(fault: string, answers: readonly EndpointAnswer[]): DoctorFinding {
  return failure(`No answer (${fault}): ${answers.map(placeOf).join("; ")}.`, remedyFor(fault));
}

function remedyFor(fault: string): string {
  if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS/.test(fault)) {
    return "Something between here and the cloud shows a certificate of its own: if that is intended, name its root in NODE_EXTRA_CA_CERTS.";
  }
  if (/ENOTFOUND|EAI_AGAIN/.test(fault)) return "The name does not resolve here: check DNS, the region and the proxy.";
  return "Check the network, the firewall and the proxy.";
}
