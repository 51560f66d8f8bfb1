import { batchDeleteCSR } from "../../catalogue/tencent-ssl/batch-delete-csr.js";
import { createCSR } from "../../catalogue/tencent-ssl/create-csr.js";
import { describeCSR } from "../../catalogue/tencent-ssl/describe-csr.js";
import { describeCSRSet } from "../../catalogue/tencent-ssl/describe-csr-set.js";
import { modifyCSR } from "../../catalogue/tencent-ssl/modify-csr.js";
import type { Account } from "../account.js";
import { createCsr, type KeyKind } from "../authority.js";
import { CloudError, existing } from "../refusal.js";
import { isDomainName } from "./domain-names.js";
import { latestFirst, listOrNull, localTime, pageOf } from "./format.js";
import { keyKindOf } from "./keys.js";
import { invalidParam } from "./lookup.js";
import { type ParamsOf, sslHandler, uin } from "./ssl-handler.js";
import type { CsrRecord } from "./state.js";

export const csrHandlers = [
  sslHandler(createCSR, create),
  sslHandler(modifyCSR, modify),
  sslHandler(describeCSR, describe),
  sslHandler(describeCSRSet, list),
  sslHandler(batchDeleteCSR, remove),
];

async function create(params: ParamsOf<typeof createCSR>, account: Account) {
  const { Domain, Organization, Department, Email, Province, City, Country } = params;
  const record: CsrRecord = {
    id: account.ssl.ids.csr(),
    createdAt: account.clock.now(),
    subject: { Domain, Organization, Department, Email, Province, City, Country },
    encryptAlgo: params.EncryptAlgo,
    keyParameter: params.KeyParameter,
    remark: params.Remark ?? "",
    keyPassword: params.KeyPassword,
  };
  const key = keyFor(record, invalidParam);
  if (params.Generate) await generateCsr(record, key);
  account.ssl.csrs.set(record.id, record);
  return { Id: record.id };
}

/** Omitted members stay unchanged. */
async function modify(params: ParamsOf<typeof modifyCSR>, account: Account) {
  const record = recordOf(account, params.CSRId);
  if (record.generated !== undefined) throw withReason(`CSR ${record.id} is generated and cannot be changed.`);
  const { subject } = record;
  const { Domain = subject.Domain, Organization = subject.Organization, Department = subject.Department } = params;
  const { Email = subject.Email, Province = subject.Province, City = subject.City, Country = subject.Country } = params;
  const changed: CsrRecord = {
    ...record,
    subject: { Domain, Organization, Department, Email, Province, City, Country },
    encryptAlgo: params.EncryptAlgo ?? record.encryptAlgo,
    keyParameter: params.KeyParameter ?? record.keyParameter,
    remark: params.Remark ?? record.remark,
    keyPassword: params.KeyPassword ?? record.keyPassword,
  };
  const key = keyFor(changed, withReason);
  if (params.Generate) await generateCsr(changed, key);
  account.ssl.csrs.set(record.id, changed);
  return { Id: record.id };
}

function describe(params: ParamsOf<typeof describeCSR>, account: Account) {
  const record = recordOf(account, params.CSRId);
  return {
    ...rowOf(record),
    KeyPassword: record.keyPassword ?? null,
    CSR: record.generated?.csrPem ?? null,
    PrivateKey: record.generated?.privateKeyPem ?? null,
  };
}

function list(params: ParamsOf<typeof describeCSRSet>, account: Account) {
  const { Domain: domain = "", EncryptAlgo: algorithm = "", Offset: offset = 0, Limit: limit = 10 } = params;
  const matching = latestFirst(account.ssl.csrs.values(), ({ createdAt }) => createdAt).filter(
    ({ subject, encryptAlgo }) =>
      subject.Domain.toLowerCase().includes(domain.toLowerCase()) &&
      (algorithm === "" || encryptAlgo === algorithm.toUpperCase()),
  );
  return { Total: matching.length, Set: listOrNull(pageOf(matching, offset, limit).map(rowOf)) };
}

/** Unknown ids are left out of the answer. */
function remove(params: ParamsOf<typeof batchDeleteCSR>, account: Account) {
  return { Success: params.CSRIds.filter((id) => account.ssl.csrs.delete(id)) };
}

function recordOf(account: Account, id: number): CsrRecord {
  return existing(account.ssl.csrs.get(id), "InvalidParameter.InvalidCSRId", `CSR ${id}`);
}

/** The key type that the record requests; `refusal` makes the operation's error for an invalid record. */
function keyFor({ subject, encryptAlgo, keyParameter }: CsrRecord, refusal: (reason: string) => CloudError): KeyKind {
  if (!isDomainName(subject.Domain)) throw refusal(`${subject.Domain} is not a domain name.`);
  const key = keyKindOf(encryptAlgo, keyParameter);
  if (key === undefined) throw refusal(`${encryptAlgo} does not go with key parameter ${keyParameter}.`);
  return key;
}

/** Creates the key and the CSR; a password, if set, encrypts the key. */
export async function generateCsr(record: CsrRecord, key: KeyKind): Promise<void> {
  const { Country, Province, City, Organization, Department, Domain, Email } = record.subject;
  const subject = { C: Country, ST: Province, L: City, O: Organization, OU: Department, CN: Domain, E: Email };
  record.generated = await createCsr(subject, [Domain], key, record.keyPassword || undefined);
}

function rowOf(record: CsrRecord) {
  return {
    Id: record.id,
    OwnerUin: uin,
    ...record.subject,
    EncryptAlgo: record.encryptAlgo,
    KeyParameter: record.keyParameter,
    Remarks: record.remark,
    // docs/cloud-behaviour.md 3.3 (inferred): 1 once generated.
    Status: record.generated === undefined ? 0 : 1,
    CreateTime: localTime(record.createdAt),
  };
}

function withReason(reason: string): CloudError {
  return new CloudError("InvalidParameter.WithDetailReason", reason);
}
