import type { ReplyOf } from "../documented-reply.js";
import type { describeCertificates } from "./describe-certificates.js";
import type { describeHostTeoInstanceList } from "./describe-host-teo-instance-list.js";
import { certificateStatus } from "./statuses.js";

/*
 * How to list EdgeOne hosts with their certificates: the only read that shows them takes a certificate, and lists the
 * hosts that it covers, or the others.
 */

type HostRow = ReplyOf<typeof describeHostTeoInstanceList>["InstanceList"][number];

/** docs/cloud-behaviour.md 3.8. */
const pageSize = 200;
/** Far more than an account has; ends the reading of a list without end. */
const hostsAtMost = 20_000;

/** Answers of `read` about the hosts that a certificate covers, or about the others, page by page. */
export async function* hostPages<Answer>(
  CertificateId: string,
  covered: boolean,
  read: (params: Record<string, unknown>) => Promise<Answer>,
  rowsIn: (answer: Answer) => readonly HostRow[],
): AsyncGenerator<Answer> {
  const Filters = [{ FilterKey: "domainMatch", FilterValue: covered ? "1" : "0" }];
  for (let Offset = 0; Offset < hostsAtMost; Offset += pageSize) {
    const answer = await read({ CertificateId, IsCache: 0, Filters, Offset, Limit: pageSize });
    yield answer;
    if (rowsIn(answer).length < pageSize) return;
  }
}

/** For a call that names no certificate: the list has to start from one, and any issued one will do. */
export const anyIssued = {
  params: { CertificateStatus: [certificateStatus.issued.code], CertificateType: "SVR", Limit: 1 },
  idIn: ({ Certificates }: ReplyOf<typeof describeCertificates>): string | undefined =>
    Certificates.find(({ Status }) => Status === certificateStatus.issued.code)?.CertificateId ?? undefined,
};
