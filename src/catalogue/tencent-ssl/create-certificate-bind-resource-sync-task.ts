import { defineRead } from "../operation.js";
import { binary, struct } from "../params.js";
import { members, reply, rows, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { certificateIds } from "./params.js";

export const createCertificateBindResourceSyncTask = defineRead({
  name: "CreateCertificateBindResourceSyncTask",
  service: tencentSsl,
  title: "Look up bound cloud resources",
  titleInChinese: "发起证书关联云资源查询",
  summary:
    "Start looking up the cloud resources that use certificates. Asynchronous: poll DescribeCertificateBindResourceTaskResult with the TaskIds; find_certificates with_bindings does all of it.",
  retry: "idempotent",
  params: struct({
    CertificateIds: certificateIds(),
    IsCache: binary("Reuse a result under 30 minutes old, normally 1"),
  }),
  example: { CertificateIds: ["5mT7wB2c"], IsCache: 1 },
  result: reply({ CertTaskIds: rows(members({ CertId: string(), TaskId: string() })) }),
  errors: ["FailedOperation.CertificateHostResourceInnerInterrupt", "FailedOperation.CertificateNotFound"],
});
