import { joined, safe } from "../../lib/safe-text.js";
import { notAllDone } from "../failed-in-reply.js";
import { countedCertificates, uniqueNames } from "../naming.js";
import { defineChange } from "../operation.js";
import { integer, struct } from "../params.js";
import { planned } from "../planned-change.js";
import { reply, strings } from "../results.js";
import { tencentSsl } from "../services.js";
import { codes, commonErrors } from "./error-codes.js";
import { certificateIds, certificateSubject } from "./params.js";
import { certificateWithId, nothingToDo } from "./preconditions.js";

const certificates = (count: number) => safe`${count} certificates`;

export const modifyCertificateProject = defineChange({
  name: "ModifyCertificateProject",
  service: tencentSsl,
  title: "Move certificates to a project",
  titleInChinese: "批量修改证书所属项目",
  summary: "Move certificates to another project. The reply lists which moved and which failed.",
  effect: "change",
  retry: "idempotent",
  params: struct({ CertificateIdList: certificateIds(), ProjectId: integer("Project ID") }),
  example: { CertificateIdList: ["8xZ3kQ1p", "5mT7wB2c"], ProjectId: 0 },
  result: reply({ SuccessCertificates: strings(), FailCertificates: strings() }),
  denial: (p, said) => notAllDone(p.CertificateIdList, said, "SuccessCertificates", "FailCertificates"),
  approvalQuestion: (p) =>
    safe`Move ${countedCertificates(safe`certificate`, uniqueNames(p.CertificateIdList), certificates)} to project ${p.ProjectId}?`,
  plannedChanges: (p) =>
    uniqueNames(p.CertificateIdList).map((id) =>
      planned(certificateSubject(id), "project", safe`project ${p.ProjectId}`),
    ),
  obstacles: ({ CertificateIdList, ProjectId }, found) => {
    const ids = uniqueNames(CertificateIdList);
    const isThere = (id: string) => found.certificate(id)?.projectId === String(ProjectId);
    return ids.every(isThere)
      ? nothingToDo(safe`${joined(ids.map(certificateWithId))}: in project ${ProjectId} already`)
      : [];
  },
  errors: codes(commonErrors, "FailedOperation.CAMAuthorizedFail"),
});
