import { z } from "zod";
import { getUserCertificateDetail } from "../catalogue/alibaba-cas/get-user-certificate-detail.js";
import { listUserCertificateOrder } from "../catalogue/alibaba-cas/list-user-certificate-order.js";
import { casRegions, casStores } from "../catalogue/alibaba-cas/stores.js";
import { uploadUserCertificate } from "../catalogue/alibaba-cas/upload-user-certificate.js";
import type { Operation } from "../catalogue/operation.js";
import type { Account } from "./account.js";
import { parseKnownCertificate, readKeyPair, withoutColons } from "./certificate.js";
import { type CertificateStore, daysFrom, type StoredCertificate } from "./delivery.js";
import type { Handler, Members } from "./handler.js";
import { CloudError } from "./refusal.js";

/* Alibaba Cloud's two certificate stores, each at its own address (docs/cloud-behaviour.md 5.6). */

type Answer = (params: Members, store: CertificateStore, account: Account) => Members;

/** Known to the cloud as parameters; here no caller can give them. */
const fixedParamsSchema = ({ fixedParams = {} }: Operation) =>
  Object.fromEntries(Object.keys(fixedParams).map((name) => [name, z.string().optional()]));

export const casHandlers: readonly Handler[] = casRegions.flatMap((region) => {
  const service = casStores.services[region] ?? listUserCertificateOrder.service;
  const at = (operation: Operation, answer: Answer): Handler => ({
    operation: { ...operation, service, params: operation.params.extend(fixedParamsSchema(operation)) },
    handle: async (params, account) => answer(params, account.cas[region], account),
  });
  return [
    at(listUserCertificateOrder, listOrders),
    at(getUserCertificateDetail, (params, store, { clock }) => detail(params, store, region, clock.now())),
    at(uploadUserCertificate, upload),
  ];
});

const listParams = z.object({
  OrderType: z.enum(["CERT", "UPLOAD", "CPACK", "BUY"]).default("CPACK"),
  Status: z.string().default(""),
  Keyword: z.string().default(""),
  CurrentPage: z.coerce.number().int().min(1).default(1),
  ShowSize: z.coerce.number().int().min(1).max(1_000).default(50),
});

function listOrders(params: Members, store: CertificateStore, { clock }: Account) {
  const { OrderType, Status, Keyword, CurrentPage, ShowSize } = parseParams(listParams, params);
  const now = clock.now();
  // The sandbox's account has bought nothing here: it has certificates, and no orders.
  const rows =
    OrderType === "CPACK" || OrderType === "BUY" ? [] : store.certificates.map((each) => orderRow(each, now));
  const matching = rows.filter(
    ({ Sans, Expired, soon }) =>
      Sans.includes(Keyword) &&
      ({ "": !Expired, ISSUED: !Expired && !soon, WILLEXPIRED: !Expired && soon, EXPIRED: Expired }[Status] ?? false),
  );
  const page = matching.slice((CurrentPage - 1) * ShowSize, CurrentPage * ShowSize);
  return {
    CertificateOrderList: page.map(({ soon: _, ...shown }) => shown),
    TotalCount: matching.length,
    CurrentPage,
    ShowSize,
  };
}

/** No threshold is documented. */
const EXPIRING_SOON_DAYS = 30;

function orderRow(stored: StoredCertificate, now: Date) {
  const { names, notAfter } = parseKnownCertificate(stored.certificatePem);
  return {
    CertificateId: Number(stored.id),
    CommonName: names[0] ?? "",
    Upload: true,
    InstanceId: `cas-upload-${stored.id}`,
    soon: notAfter <= daysFrom(now, EXPIRING_SOON_DAYS),
    ...commonMembers(stored, now),
  };
}

const day = (date: Date) => date.toISOString().slice(0, 10);

function commonMembers({ name, certificatePem }: StoredCertificate, now: Date) {
  const { leaf, names, notBefore, notAfter, fingerprint } = parseKnownCertificate(certificatePem);
  return {
    Name: name,
    Sans: names.join(","),
    StartDate: day(notBefore),
    EndDate: day(notAfter),
    Expired: notAfter <= now,
    Issuer: /^O=(.+)$/m.exec(leaf.issuer)?.[1] ?? "",
    Fingerprint: withoutColons(fingerprint),
    Sha2: withoutColons(leaf.fingerprint256),
    SerialNo: leaf.serialNumber.toLowerCase(),
    Country: "SG",
    OrgName: "Example",
  };
}

const detailParams = z.object({
  CertId: z.string().regex(/^\d+$/),
  CertFilter: z.enum(["true", "false"]).default("false"),
});

function detail(params: Members, store: CertificateStore, region: string, now: Date) {
  const { CertId, CertFilter } = parseParams(detailParams, params);
  const stored = store.byId(CertId);
  if (stored === undefined) throw new CloudError("NotFound", `There is no certificate ${CertId}.`);
  const { names, notBefore, notAfter } = parseKnownCertificate(stored.certificatePem);
  return {
    Id: Number(CertId),
    CertIdentifier: `${CertId}-${region}`,
    Common: names[0] ?? "",
    NotBefore: notBefore.getTime(),
    NotAfter: notAfter.getTime(),
    BuyInAliyun: false,
    Algorithm: "ECC_256",
    ...commonMembers(stored, now),
    // By default the cloud sends the private key along.
    ...(CertFilter === "false" && { Cert: stored.certificatePem, Key: stored.privateKeyPem }),
  };
}

const uploadParams = z.object({ Name: z.string(), Cert: z.string(), Key: z.string() });

function upload(params: Members, store: CertificateStore) {
  const missing = ["Name", "Cert", "Key"].find((name) => !params[name]);
  // The sandbox takes no SM certificates, which its authority cannot issue.
  if (missing !== undefined) throw new CloudError("MissingParameter", `${missing} is missing.`);
  const { Name, Cert, Key } = parseParams(uploadParams, params);
  // The model allows letters, digits and underscores; that others are refused is inferred.
  if (!/^\w{1,63}$/.test(Name)) throw new CloudError("InvalidParameter", "Name has other characters or is too long.");
  const keyPair = readKeyPair(Cert, Key);
  if (keyPair === "mismatch") throw new CloudError("KeyNotMatchCert", "Key is not the certificate's.");
  if (typeof keyPair === "string") throw new CloudError("ParseCertificateFailed", "Cert or Key cannot be read.");
  if (store.byName(Name) !== undefined) throw new CloudError("NameRepeat", `There is a certificate ${Name} already.`);
  const { id } = store.add({ name: Name, certificatePem: Cert, privateKeyPem: Key });
  return { CertId: Number(id), ResourceId: `cas-upload-${id}` };
}

function parseParams<Schema extends z.ZodTypeAny>(schema: Schema, params: Members): z.output<Schema> {
  const { success, data, error } = schema.safeParse(params);
  if (success) return data;
  throw new CloudError("InvalidParameter", `${error.issues[0]?.path.join(".")} is not valid.`);
}
