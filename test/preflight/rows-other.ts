import type { Cloud } from "./cloud.js";
import type { Material } from "./material.js";
import { error, type Row, rowsOf, warns } from "./row.js";

const invalid = "FailedOperation.InvalidParam";
const notFound = "FailedOperation.CertificateNotFound";

/** Kinds of file, as they begin. */
const file = (begin: string | readonly number[], bytes = 2048) =>
  Buffer.concat([Buffer.from(typeof begin === "string" ? Buffer.from(begin) : begin), Buffer.alloc(bytes)]).toString(
    "base64",
  );
const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

export function letterRows(cloud: Cloud): Row[] {
  const id = cloud.certificate(({ status, order }) => status === 8 && order?.product.source === "trustasia");
  const fault = (says: RegExp, code: string) => error("ConfirmLetter", says, `FailedOperation.${code}`);
  const letter = (ConfirmLetter: string) => ({ CertificateId: id, ConfirmLetter });
  const once = { unsent: "the order takes one letter, which the first of these rows sends" };
  const [first, ...good] = rowsOf("UploadConfirmLetter", [
    ["a PDF file", letter(file("%PDF-1.7"))],
    ["a JPG file", letter(file([0xff, 0xd8, 0xff, 0xe0]))],
    ["a PNG file", letter(file(png))],
    ["a PDF file of 1 KB", letter(file("%PDF-1.7", 1016))],
    ["a GIF file", letter(file("GIF89a")), warns("ConfirmLetter", /only the CA WoSign accepts/)],
  ]);
  const bad = rowsOf("UploadConfirmLetter", [
    ["a small file", letter(file("%PDF-1.7", 100)), fault(/108 bytes; it needs 1 KB/, "ConfirmLetterTooSmall")],
    ["a large file", letter(file("%PDF-1.7", 1_500_000)), fault(/may have 1\.4 MB/, "ConfirmLetterTooLarge")],
    ["a ZIP file", letter(file([0x50, 0x4b, 3, 4])), fault(/neither a JPG/, "InvalidConfirmLetterFormat")],
    ["a data URL", letter(`data:image/png;base64,${file(png)}`), fault(/neither a JPG/, "InvalidConfirmLetterFormat")],
    [
      "a malformed id",
      { CertificateId: "order-1", ConfirmLetter: file(png) },
      error("CertificateId", /8 letters and digits/, notFound),
    ],
  ]);
  return [...bad, ...good.map((row) => ({ ...row, ...once })), ...(first ? [first] : [])];
}

export async function csrRows({ authority, rsa, small, plain }: Material, cloud: Cloud): Promise<Row[]> {
  const free = cloud.certificate(({ order, status }) => order?.product.free === true && status === 1);
  const open = cloud.certificate(({ status }) => status === 5);
  const csr = "CsrContent";
  const blog = await authority.request("blog.example.com", ["blog.example.com"], rsa);
  const wild = await authority.request("*.shop.example.com", ["*.shop.example.com"], plain);
  const plainShop = await authority.request("shop.example.com", [], plain);
  const reissue = (more: Row["params"]) => ({ CertificateId: free, ValidType: "DNS", ...more });
  const order = (more: Row["params"]) => ({ CertificateId: open, CsrType: "parse", ...more });
  const forged = withOtherSignature(blog);
  return [
    ...rowsOf("ReplaceCertificate", [
      ["a CSR without a text", reissue({ CsrType: "Upload" }), error(csr, /needs CsrContent/, invalid)],
      ["a CSR that is none", reissue({ CsrType: "Upload", CsrContent: "text" }), error(csr, /does not parse/, invalid)],
      [
        "a certificate as the CSR",
        reissue({ CsrType: "Upload", CsrContent: plain.pem }),
        error(csr, /does not parse/, invalid),
      ],
      [
        "a CSR without a name",
        reissue({ CsrType: "Upload", CsrContent: await authority.request("", [], plain) }),
        error(csr, /names no domain/, invalid),
      ],
      ["a malformed id", { CertificateId: "../etc", ValidType: "DNS" }, error("CertificateId", /8 letters/, notFound)],
      ["a CSR", reissue({ CsrType: "Upload", CsrContent: blog })],
    ]),
    ...rowsOf("ReplaceCertificate", [
      ["a CSR beside the original one", reissue({ CsrContent: blog }), warns(csr, /ignored: CsrType is Original/)],
      [
        "a CSR of 1024 bits, signed with SHA-1",
        reissue({ CsrType: "Upload", CsrContent: await authority.request("blog.example.com", [], small, "SHA-1") }),
        warns(csr, /key is RSA 1024/),
        warns(csr, /signed with SHA-1/),
      ],
      [
        "a CSR with a false signature",
        reissue({ CsrType: "Upload", CsrContent: forged }),
        warns(csr, /not signed by the key/),
      ],
    ]).map((row) => ({ ...row, unsent: "the certificate is reissued once, by the row before" })),
    ...rowsOf("SubmitCertificateInformation", [
      ["a CSR", order({ CsrContent: wild, CertificateDomain: "*.shop.example.com" })],
      ["a key made by the cloud", { CertificateId: open, CsrType: "online", CertificateDomain: "*.shop.example.com" }],
      [
        "a CSR that lacks a domain",
        order({ CsrContent: wild, DomainList: ["shop.example.com"] }),
        warns(csr, /does not ask for shop\.example\.com\.$/),
      ],
      [
        "a CSR for another domain",
        order({ CsrContent: plainShop, CertificateDomain: "*.shop.example.com" }),
        error(csr, /is for shop\.example\.com, not for \*\.shop/, invalid),
      ],
      ["no CSR", order({}), error(csr, /needs CsrContent/, invalid)],
      ["a CSR that is none", order({ CsrContent: "text" }), error(csr, /does not parse/, invalid)],
    ]),
  ];
}

export function updateRows({ plain, other, ca, openssl }: Material, cloud: Cloud): Row[] {
  const old = cloud.certificate(({ alias }) => alias === "storefront");
  const next = cloud.certificate(({ alias }) => alias === "storefront, next");
  const update = (more: Row["params"]) => ({ OldCertificateId: old, ResourceTypes: ["cdn"], ...more });
  const pem = { CertificatePublicKey: plain.pem + ca.middle.pem, CertificatePrivateKey: plain.key };
  const sm2 = openssl?.sm2;
  const clb = (...Regions: string[]) => ({ ResourceType: "clb", Regions });
  const inRegions = (more: Row["params"]) => update({ CertificateId: next, ResourceTypes: ["clb", "cdn"], ...more });
  const here = (parameter: string, says: RegExp) => ({ level: "error" as const, parameter, says });
  return [
    ...rowsOf("UpdateCertificateInstance", [
      [
        "regions without a type",
        inRegions({ ResourceTypesRegions: [clb("ap-guangzhou"), { Regions: ["ap-singapore"] }] }),
        here("ResourceTypesRegions.1.ResourceType", /names the type it is for/),
      ],
      [
        "regions of a type that is not updated",
        update({ CertificateId: next, ResourceTypesRegions: [clb("ap-singapore")] }),
        here("ResourceTypesRegions.0.ResourceType", /does not name clb/),
      ],
      [
        "deprecated regions beside those of a type",
        inRegions({ ResourceTypesRegions: [clb("ap-guangzhou")], Regions: ["ap-singapore"] }),
        here("Regions", /not both/),
      ],
      [
        "deprecated regions of a type without any",
        update({ CertificateId: next, Regions: ["ap-singapore"] }),
        here("Regions", /None of ResourceTypes has regions/),
      ],
      [
        "a region in another spelling",
        inRegions({ ResourceTypesRegions: [clb("AP-Singapore ")] }),
        here("ResourceTypesRegions.0.Regions", /small letters/),
      ],
    ]).map((row) => ({ ...row, unsent: "the documents do not say what these would mean" })),
    ...rowsOf("UpdateCertificateInstance", [
      ["a stored certificate", update({ CertificateId: next })],
      ["a certificate in PEM", update(pem)],
      [
        "a region for a regional type",
        update({
          CertificateId: next,
          ResourceTypes: ["clb"],
          ResourceTypesRegions: [{ ResourceType: "clb", Regions: ["ap-singapore"] }],
        }),
      ],
      ["no new certificate", update({}), error("CertificateId", /either CertificateId, or/, invalid)],
      [
        "both kinds of certificate",
        update({ ...pem, CertificateId: next }),
        error("CertificateId", /either CertificateId, or/, invalid),
      ],
      [
        "no key",
        update({ CertificatePublicKey: plain.pem }),
        error("CertificatePrivateKey", /given together/, invalid),
      ],
      [
        "no certificate to the key",
        update({ CertificatePrivateKey: plain.key }),
        error("CertificatePublicKey", /given together/, invalid),
      ],
      ["the old one as the new one", update({ CertificateId: old }), error("CertificateId", /is the old one/, invalid)],
      [
        "no type",
        update({ CertificateId: next, ResourceTypes: [] }),
        error("ResourceTypes", /no type/, "FailedOperation.CertificateHostResourceTypeInvalid"),
      ],
      [
        "no region",
        update({ CertificateId: next, ResourceTypes: ["clb"] }),
        error("ResourceTypesRegions", /no region for clb/, invalid),
      ],
      [
        "a malformed old id",
        update({ OldCertificateId: "storefront", CertificateId: next }),
        error("OldCertificateId", /8 letters/, notFound),
      ],
      [
        "no old id",
        update({ OldCertificateId: "", CertificateId: next }),
        error("OldCertificateId", /empty/, notFound),
      ],
      ["a malformed new id", update({ CertificateId: "cert-1" }), error("CertificateId", /8 letters/, notFound)],
      [
        "the key of another",
        update({ ...pem, CertificatePrivateKey: other.key }),
        error("CertificatePrivateKey", /does not belong/, "FailedOperation.CertificateMatchError"),
      ],
      [
        "no PEM",
        update({ ...pem, CertificatePublicKey: "text" }),
        error("CertificatePublicKey", /no PEM/, "FailedOperation.CertificateParseError"),
      ],
      ...(sm2 === undefined
        ? []
        : [
            [
              "SM2",
              update({ CertificatePublicKey: sm2.sign.certificate, CertificatePrivateKey: sm2.sign.key }),
              error("CertificatePublicKey", /SM2 standard, and/, "FailedOperation.CertificateEncryptInvalid"),
              warns("CertificatePublicKey", /not checked/),
            ] as const,
          ]),
    ]),
    ...rowsOf("UpdateCertificateRecordRetry", [
      ["no id", {}, error("DeployRecordId", /or DeployRecordDetailId/, invalid)],
    ]),
    ...rowsOf("UpdateCertificateRecordRollback", [
      ["no id", {}, error("DeployRecordId", /Give DeployRecordId\.$/, invalid)],
    ]),
    ...[
      "DeleteCertificate",
      "CancelCertificateOrder",
      "CommitCertificateInformation",
      "ModifyCertificateAlias",
      "ModifyCertificateResubmit",
    ].flatMap((operation) =>
      rowsOf(operation, [
        ["a malformed id", { CertificateId: "cert 1" }, error("CertificateId", /8 letters/, notFound)],
        ["no id", { CertificateId: "" }, error("CertificateId", /empty/, notFound)],
      ]),
    ),
  ];
}

export function edgeoneRows(cloud: Cloud): Row[] {
  const next = cloud.certificate(({ alias }) => alias === "storefront, next");
  const root = cloud.certificate(({ kind }) => kind === "CA");
  const hosts = (more: Row["params"]) => ({ ZoneId: "zone-sandboxdemo", Hosts: ["www.example.com"], ...more });
  const needs = "InvalidParameterValue.CertificateVerify";
  const serve = (...ids: readonly string[]) =>
    hosts({ Mode: "sslcert", ServerCertInfo: ids.map((CertId) => ({ CertId })) });
  return rowsOf("ModifyHostsCertificate", [
    ["a stored certificate", serve(next)],
    ["client CAs", hosts({ ClientCertInfo: { Switch: "on", CertInfos: [{ CertId: root }] } })],
    [
      "nothing to serve",
      hosts({ Mode: "sslcert" }),
      error("ServerCertInfo", /needs a certificate/, "InvalidParameter.InvalidCertInfo"),
    ],
    ["a malformed certificate id", serve("cert-1"), error("ServerCertInfo.0.CertId", /8 letters/, notFound)],
    [
      "a malformed site id",
      { ...serve(next), ZoneId: "example.com" },
      error("ZoneId", /begins with "zone-"/, "ResourceUnavailable.ZoneNotFound"),
    ],
    [
      "no client CA",
      hosts({ ClientCertInfo: { Switch: "on" } }),
      error("ClientCertInfo.CertInfos", /CA certificate/, `${needs}ClientNeedCert`),
    ],
    [
      "a malformed client CA id",
      hosts({ ClientCertInfo: { Switch: "on", CertInfos: [{ CertId: "ca" }] } }),
      error("ClientCertInfo.CertInfos.0.CertId", /8 letters/, "ResourceUnavailable.CertNotFound"),
    ],
    [
      "nothing to show to the origin",
      hosts({ UpstreamCertInfo: { UpstreamMutualTLS: { Switch: "on" } } }),
      error("UpstreamCertInfo.UpstreamMutualTLS.CertInfos", /needs a certificate/, `${needs}UpstreamClientNeedCert`),
    ],
  ]);
}

/** The last byte of a request belongs to its signature. */
function withOtherSignature(pem: string): string {
  const bytes = Buffer.from(pem.replace(/-----[^-]+-----/g, ""), "base64");
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  return `-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString("base64")}\n-----END CERTIFICATE REQUEST-----\n`;
}
