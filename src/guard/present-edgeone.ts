import { z } from "zod";
import { list, number, text } from "../catalogue/loose.js";
import type { Subject } from "../catalogue/operation.js";
import { describeCertificates } from "../catalogue/tencent-ssl/describe-certificates.js";
import { describeHostTeoInstanceList } from "../catalogue/tencent-ssl/describe-host-teo-instance-list.js";
import { certificateStatus } from "../catalogue/tencent-ssl/in-words.js";
import { joined, nameInWords, type SafeText, safe, termInWords } from "../visible.js";
import { inBrackets } from "./present-certificate.js";
import { bare, byAspect, type Fact, type Reading, type Told } from "./present-reading.js";
import type { Answer, Source } from "./present-source.js";
import { couldNotBeRead, notVisible } from "./present-words.js";

type Host = Extract<Subject, { readonly kind: "edgeone-host" }>;

const hosts = z.object({ InstanceList: list(z.object({ Host: text, ZoneId: text, CertId: text })) });

/** FACTS.md 3.6. */
const pageSize = 200;
/** Far more than an account has, so that a list without an end is given up. */
const hostsAtMost = 20_000;

/** The only read that shows a host starts from a certificate: it lists where that one could be used. */
export async function readHost(host: Host, source: Source): Promise<Reading> {
  const object = safe`EdgeOne host ${nameInWords(host.host)} (${termInWords(host.zone)})`;
  const fitting = host.fitting ?? (await anyIssued(source));
  if (fitting === undefined) return bare(object, notVisible);
  const reading = (now: SafeText | Told, served: readonly string[] = [], facts: readonly Fact[] = []): Reading => ({
    object,
    now: byAspect({ "server certificate": now }),
    facts,
    certificates: [...served, ...(host.fitting === undefined ? [] : [fitting])],
  });
  for (const covered of [true, false]) {
    const answer = await certificatesOn(host, fitting, covered, source);
    if (!answer.found) return reading(couldNotBeRead(answer.why));
    const { value: served } = answer;
    if (served === undefined) continue;
    const named = await Promise.all(served.map(async (id) => safe`${termInWords(id)}${await inBrackets(id, source)}`));
    const words = served.length > 0 ? safe`certificate ${joined(named, " and ")}` : safe`none`;
    const isCovered: Fact = [safe`${object}: covered by ${termInWords(fitting)}`, covered ? safe`yes` : safe`no`];
    return {
      ...reading(
        { words, is: [...served].sort().join() || "none" },
        served,
        host.fitting === undefined ? [] : [isCovered],
      ),
      state: { kind: "host", zone: host.zone, host: host.host, state: served },
    };
  }
  return reading(safe`not among the hosts that this API lists`);
}

/** What the host has, searched for among those that `fitting` covers or does not; undefined when it is not there. */
async function certificatesOn(
  { host, zone }: Host,
  fitting: string,
  covered: boolean,
  source: Source,
): Promise<Answer<readonly string[] | undefined>> {
  const Filters = [{ FilterKey: "domainMatch", FilterValue: covered ? "1" : "0" }];
  for (let Offset = 0; Offset < hostsAtMost; Offset += pageSize) {
    const params = { CertificateId: fitting, IsCache: 0, Filters, Offset, Limit: pageSize };
    const answer = await source.ask(describeHostTeoInstanceList, params, hosts);
    if (!answer.found) return answer;
    const { InstanceList: page } = answer.value;
    // The documents misspell ZoneId (FACTS.md 3.5), so a row may come without it.
    const rows = page.filter((row) => row.Host === host && (row.ZoneId ?? zone) === zone);
    if (rows.length > 0) return { found: true, value: rows.flatMap(({ CertId }) => (CertId ? [CertId] : [])) };
    if (page.length < pageSize) break;
  }
  return { found: true, value: undefined };
}

const issued = z.object({ Certificates: list(z.object({ CertificateId: text, Status: number })) });

/** Where the call names no certificate: the list of hosts has to start from one, and any that is issued will do. */
async function anyIssued(source: Source): Promise<string | undefined> {
  const params = { CertificateStatus: [certificateStatus.issued], CertificateType: "SVR", Limit: 1 };
  const answer = await source.ask(describeCertificates, params, issued);
  if (!answer.found) return undefined;
  return (
    answer.value.Certificates.find(({ Status }) => Status === certificateStatus.issued)?.CertificateId ?? undefined
  );
}
