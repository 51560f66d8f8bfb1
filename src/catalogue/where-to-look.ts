import type { JsonObject } from "../lib/json.js";
import type { ChangeOperation, PlannedChange } from "./operation.js";

/** How to find out what happened to a change with unknown outcome, as the rest of a sentence. */
export function whereToLook(operation: ChangeOperation, params: JsonObject): string {
  const [first] = operation.plannedChanges(params);
  return first === undefined ? "no operation offered here shows it" : lookFor(operation, first);
}

function lookFor({ listedIn }: ChangeOperation, { subject, aspect }: PlannedChange): string {
  switch (subject.kind) {
    case "certificate":
      return aspect === "bound resources"
        ? `DescribeHostUpdateRecord shows whether an update of ${subject.id} was started`
        : `DescribeCertificate shows the current state of ${subject.id}`;
    case "csr":
      return `DescribeCSR shows the current state of CSR ${subject.id}`;
    case "deployment":
      return `DescribeHostUpdateRecordDetail shows the current state of record ${subject.id}`;
    case "edgeone-host":
      return `DescribeHostTeoInstanceList, for a certificate that fits ${subject.host}, shows what that host has`;
    case "served-domain":
      return subject.at === undefined
        ? `no operation offered here shows it, but what ${subject.domain} serves does`
        : `find_certificates shows the certificate that ${subject.domain} is set to, and what it serves is the proof`;
    case "live-domain":
      return `ShowDomainHttpsCert shows the settings of ${subject.domain}`;
    case "deployment-item":
    case "unseen":
      return "no operation offered here shows it, but what the domains concerned serve does";
    case "upload":
    case "new":
      return listedIn === undefined
        ? "no operation offered here shows it"
        : `${listedIn.name} shows whether it is there`;
  }
}
