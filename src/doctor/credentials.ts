import { explainError } from "../catalogue/errors/index.js";
import { type Cloud, clouds, cloudTitles, type Service } from "../catalogue/services.js";
import { describeCertificates } from "../catalogue/tencent-ssl/describe-certificates.js";
import { credentialVariables, describeSkipped, halvesFor, hasSettingFor } from "../cloud/credentials.js";
import { correctCredential } from "../cloud/not-sent-errors.js";
import { joined, type SafeText, safe, titled, verbatim } from "../lib/safe-text.js";
import { ToolError, type ToolErrorDetails } from "../lib/tool-error.js";
import { credentialIn } from "../setup/status.js";
import {
  type Check,
  type CheckContext,
  type DoctorFinding,
  doctorWarning,
  failure,
  notChecked,
  ok,
  titleOf,
} from "./check-result.js";

export const credentials: Check = async (setup) => {
  const { credentials: found } = setup.backend;
  const missing = clouds.filter((cloud) => !hasSettingFor(found, cloud));
  if (missing.length === clouds.length) return [noCredentials(setup)];
  const tested = await Promise.all(
    setup.services
      .filter(({ cloud }) => hasSettingFor(found, cloud) && found.faults?.[cloud] === undefined)
      .map((service) => testCredential(service, setup)),
  );
  const unusable = clouds.flatMap((cloud) => invalidCredential(cloud, setup));
  const halves = clouds.flatMap((cloud) => (missing.includes(cloud) ? [] : incompleteCredential(cloud, setup)));
  return [
    ...tested,
    ...unusable,
    ...halves,
    ...missing.map((cloud) => missingCredential(cloud, setup)),
    ...missingProject(setup),
  ];
};

/** Settings that cannot be credentials; calls report the same. */
function invalidCredential(cloud: Cloud, { backend, services }: CheckContext): DoctorFinding[] {
  const fault = backend.credentials.faults?.[cloud];
  if (fault === undefined) return [];
  const affected = services.filter((service) => service.cloud === cloud).map(titleOf);
  const what = affected.length === 0 ? titled(cloudTitles[cloud]) : joined(affected);
  return [failure(safe`${what}: ${fault} Nothing is sent.`, correctCredential)];
}

/** Half a credential in variables, where another place is used; what files lack is said where they are listed. */
function incompleteCredential(cloud: Cloud, { backend }: CheckContext): DoctorFinding[] {
  return halvesFor(backend.credentials, cloud).map(({ from, why }) =>
    doctorWarning(
      safe`${titled(cloudTitles[cloud])}: ${verbatim(from)} ${why}, so it is skipped.`,
      safe`Set both, or neither: what is used comes from another place.`,
    ),
  );
}

function noCredentials({ backend }: CheckContext): DoctorFinding {
  const over = clouds.flatMap((cloud) => describeSkipped(backend.credentials, cloud) ?? []);
  const variables = clouds.map((cloud) => safe`${titled(cloudTitles[cloud])}: ${credentialVariables[cloud]}`);
  return failure(
    joined([safe`There are no credentials for any cloud.`, ...over], safe` `),
    safe`Set those of the clouds that you use, in the environment of the server or in the vendors' files: ${joined(variables, safe`; `)}. Or start with --sandbox.`,
  );
}

function missingCredential(cloud: Cloud, { configuration, services, backend }: CheckContext): DoctorFinding {
  const over = describeSkipped(backend.credentials, cloud);
  const title = titled(cloudTitles[cloud]);
  const says = over === undefined ? safe`${title}: none.` : safe`${title}: none: ${over}`;
  const variables = credentialVariables[cloud];
  const wanted = configuration.services !== undefined && services.some((service) => service.cloud === cloud);
  return wanted
    ? failure(safe`${says} Its services are named by --services.`, safe`Set ${variables}, or leave them out.`)
    : doctorWarning(says, safe`Set ${variables} to use it.`);
}

/** Tries the credential with the only read that needs nothing but the account. */
async function testCredential(
  service: Service,
  { cloud, backend: { credentials: found }, operations, signal }: CheckContext,
): Promise<DoctorFinding> {
  const id = safe`${titleOf(service)}: ${verbatim(credentialIn(found, service.cloud) ?? "")}`;
  if (service !== describeCertificates.service) {
    return notChecked(safe`${id}; not tried by a call here: find_certificates reads what this service lists.`);
  }
  if (!operations.includes(describeCertificates)) {
    return notChecked(safe`${id}; not tried by a call, because DescribeCertificates is switched off here.`);
  }
  try {
    const { result } = await cloud.send(describeCertificates, { Limit: 1 }, signal);
    const { TotalCount: total } = result;
    return ok(typeof total === "number" ? accepted(id, total) : safe`${id}; the cloud accepts it.`);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return refused(id, service, error.details);
  }
}

function accepted(id: SafeText, certificates: number): SafeText {
  return certificates === 1
    ? safe`${id}; the cloud accepts it (1 certificate).`
    : safe`${id}; the cloud accepts it (${certificates} certificates).`;
}

/** A missing answer is reported in another line. */
function refused(id: SafeText, service: Service, details: ToolErrorDetails): DoctorFinding {
  const { code, sent, happened, next } = details;
  if (sent === false) return doctorWarning(safe`${id}; not checked, because no answer came.`, safe`See endpoints.`);
  const fact = code === undefined ? undefined : explainError(service, code, details);
  if (fact === undefined) return failure(safe`${id}; ${verbatim(happened)}`, verbatim(next));
  const answer = safe`the cloud answers ${verbatim(describeCertificates.name)} with ${verbatim(code ?? "")}`;
  return failure(safe`${id}; ${answer}. ${verbatim(fact.means)}`, verbatim(next));
}

function missingProject({ backend: { credentials: found } }: CheckContext): DoctorFinding[] {
  if (!hasSettingFor(found, "huawei") || found.huaweiProjectId !== undefined) return [];
  return [
    doctorWarning(
      safe`Huawei Cloud: no project is set.`,
      safe`Set HUAWEICLOUD_SDK_PROJECT_ID, or name project_id in every call.`,
    ),
  ];
}
