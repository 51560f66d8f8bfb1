import type { z } from "zod";
import { describeCertificateOperateLogs } from "../../catalogue/tencent-ssl/describe-certificate-operate-logs.js";
import type { Account } from "../account.js";
import { latestFirst, listOrNull, localTime, pageOf, parseLocalTime } from "./format.js";
import { type LogEntry, sentenceOf } from "./operation-log.js";
import { invalidParam } from "./refusals.js";
import { sslHandler, uin } from "./ssl-handler.js";
import { day } from "./timing.js";

type Params = z.output<(typeof describeCertificateOperateLogs)["params"]>;

export const logHandlers = [sslHandler(describeCertificateOperateLogs, describe)];

function describe({ Offset = 0, Limit = 20, StartTime, EndTime }: Params, { ssl, clock }: Account) {
  const end = timeOf(EndTime) ?? clock.now();
  const start = timeOf(StartTime) ?? new Date(clock.now().getTime() - 15 * day);
  const entries = latestFirst(ssl.log.between(start, end), ({ at }) => at);
  const page = pageOf(entries, Offset, Limit);
  return { AllTotal: entries.length, TotalCount: page.length, OperateLogs: listOrNull(page.map(rowOf)) };
}

function timeOf(text: string | undefined): Date | undefined {
  if (!text) return undefined;
  const time = parseLocalTime(text);
  if (time === undefined) throw invalidParam(`${text} is not a time as YYYY-MM-DD HH:mm:ss.`);
  return time;
}

function rowOf(entry: LogEntry) {
  return {
    Action: sentenceOf(entry),
    CreatedOn: localTime(entry.at),
    Uin: uin,
    SubAccountUin: entry.user ?? "--",
    CertId: entry.certificateId,
    Type: entry.type,
  };
}
