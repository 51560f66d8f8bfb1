import type { ReplyOf } from "../../catalogue/documented-reply.js";
import { describeCSRWithoutKey } from "../../catalogue/tencent-ssl/describe-csr.js";
import { describeCsrKey, describeCsrSubject, describeRemark } from "../../catalogue/tencent-ssl/descriptions.js";
import { maskedValue } from "../../lib/personal-data.js";
import { formatId, formatName, safe } from "../../lib/safe-text.js";
import { byAspect, type Reading } from "./reading.js";
import { type StateReader, withoutReply } from "./state-reader.js";

export async function readCsr(id: number, source: StateReader): Promise<Reading> {
  const answer = await source.ask(describeCSRWithoutKey, { CSRId: id });
  if (!answer.found) return withoutReply(safe`CSR ${id}`, answer);
  const { value: record } = answer;
  // The meaning of Status is not documented (docs/cloud-behaviour.md 3.3), so the CSR text decides.
  const key = describeCsrKey(Boolean(record.CSR), record);
  const subject = describeCsrSubject(record) ?? safe`not reported`;
  const masked = describeCsrSubject({ ...record, Email: record.Email && maskedValue(record.Email, "e-mail") });
  const remark = describeRemark(record.Remarks);
  return {
    object: record.Domain ? safe`CSR ${id} (${formatName(record.Domain)})` : safe`CSR ${id}`,
    now: byAspect({ existence: key, subject, "key and CSR": key, "private key": key, remark }),
    facts: [
      [safe`CSR ${id}: subject`, subject],
      [safe`CSR ${id}: key and CSR`, key],
      [safe`CSR ${id}: remark`, remark],
    ],
    masked: masked ? [[subject, masked]] : [],
    certificates: [],
    owner: record.OwnerUin ? formatId(record.OwnerUin) : undefined,
    state: { kind: "csr", id, state: { isGenerated: Boolean(record.CSR), members: membersOf(record) } },
  };
}

/** By the names of the parameters that set them. */
function membersOf(csr: ReplyOf<typeof describeCSRWithoutKey>) {
  const { Domain, Organization, Department, Email, Province, City, Country, EncryptAlgo, KeyParameter, Remarks } = csr;
  const subject = { Domain, Organization, Department, Email, Province, City, Country };
  const members = { ...subject, EncryptAlgo, KeyParameter, Remark: Remarks };
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, value ?? undefined]));
}
