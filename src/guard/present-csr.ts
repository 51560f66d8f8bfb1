import { z } from "zod";
import { text } from "../catalogue/loose.js";
import { maskedValue } from "../catalogue/personal.js";
import { describeCSR } from "../catalogue/tencent-ssl/describe-csr.js";
import { csrKeyInWords, csrSubjectInWords, remarkInWords } from "../catalogue/tencent-ssl/in-words.js";
import { bare, byAspect, type Reading } from "./present-reading.js";
import { inWords, type Source } from "./present-source.js";

/** Only what is shown: the private key and its password are dropped here. */
const csr = z.object({
  Domain: text,
  Organization: text,
  Department: text,
  Email: text,
  Province: text,
  City: text,
  Country: text,
  EncryptAlgo: text,
  KeyParameter: text,
  Remarks: text,
  CSR: text,
});

export async function readCsr(id: number, source: Source): Promise<Reading> {
  const answer = await source.ask(describeCSR, { CSRId: id }, csr);
  if (!answer.found) return bare(`CSR ${id}`, inWords(answer));
  const { value: record } = answer;
  // FACTS.md 6.3: what Status means is not documented, so the text itself tells.
  const key = csrKeyInWords(Boolean(record.CSR), record);
  const subject = csrSubjectInWords(record) || "not told";
  const masked = csrSubjectInWords({ ...record, Email: record.Email && maskedValue(record.Email, "e-mail") });
  const remark = remarkInWords(record.Remarks);
  return {
    object: `CSR ${id}${record.Domain ? ` (${record.Domain})` : ""}`,
    now: byAspect({ existence: key, subject, "key and CSR": key, remark }),
    facts: [
      [`CSR ${id}: subject`, subject],
      [`CSR ${id}: key and CSR`, key],
      [`CSR ${id}: remark`, remark],
    ],
    masked: record.Email ? [[subject, masked]] : [],
    certificates: [],
  };
}
