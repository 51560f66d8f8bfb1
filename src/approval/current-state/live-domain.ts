import { illegalOrBare } from "../../catalogue/huawei-live/https-settings.js";
import { showDomainHttpsCert } from "../../catalogue/huawei-live/show-domain-https-cert.js";
import type { Subject } from "../../catalogue/operation.js";
import { type SafeText, safe } from "../../lib/safe-text.js";
import { plainReading, type Reading } from "./reading.js";
import type { StateReader } from "./state-reader.js";
import { couldNotBeRead } from "./texts.js";

type LiveDomain = Extract<Subject, { readonly kind: "live-domain" }>;

/** Whether HTTP is redirected on a domain of Huawei Live now. */
export async function readLiveDomain({ name, project, domain }: LiveDomain, source: StateReader): Promise<Reading> {
  const known = (state: boolean, words: SafeText): Reading => {
    return { ...plainReading(name, words), state: { kind: "redirect", project, domain, state } };
  };
  const answer = await source.ask(showDomainHttpsCert, { project_id: project, domain });
  if (!answer.found && answer.code === illegalOrBare) return known(false, safe`off, without a certificate`);
  if (!answer.found) return plainReading(name, couldNotBeRead(answer.why));
  const { force_redirect: redirect } = answer.value;
  if (typeof redirect !== "boolean") return plainReading(name, couldNotBeRead(safe`the reply does not say`));
  return known(redirect, redirect ? safe`HTTP redirected to HTTPS` : safe`off`);
}
