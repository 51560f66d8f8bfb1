/**
 * The scenarios for servers, as of the version that is installed: each of them is in one of these two lists.
 *
 * Many want a tool, a prompt or a resource of a fixed name. Where one of ours does the like, it stands in for it: the
 * bridge changes the parameters of that one method's requests, and neither the answer nor what is checked in it.
 */

/** @type {Record<string, { method?: string, params?: (given: object) => object }>} */
export const applicable = {
  "server-initialize": {},
  ping: {},
  "completion-complete": {
    method: "completion/complete",
    params: ({ argument: { value } }) => ({
      ref: { type: "ref/prompt", name: "rotate_certificate" },
      argument: { name: "certificate", value },
    }),
  },
  "tools-list": {},
  "tools-call-simple-text": tool("DescribeCertificates", {}),
  "tools-call-error": tool("DescribeCertificate", { CertificateId: "nosuchid" }),
  "tools-call-with-progress": tool("check_served_certificate", {
    domains: ["www.example.com", "img.example.com", "play.example.com"],
  }),
  "tools-call-elicitation": tool("SetCdnDomainSSLCertificate", { DomainName: "img.example.com", SSLProtocol: "off" }),
  "resources-list": {},
  "resources-read-text": { method: "resources/read", params: () => ({ uri: "cloudcert://status" }) },
  "prompts-list": {},
  "prompts-get-simple": { method: "prompts/get", params: () => ({ name: "expiry_review" }) },
  "prompts-get-with-args": {
    method: "prompts/get",
    params: ({ arguments: { arg1, arg2 } }) => ({
      name: "rotate_certificate",
      arguments: { certificate: arg1, replacement: arg2 },
    }),
  },
};

function tool(name, args) {
  return { method: "tools/call", params: () => ({ name, arguments: args }) };
}

const noLogging = "no `logging` is declared; the server logs to stderr";
const noSubscriptions = "no `resources.subscribe` is declared";
const onlyText = "there is nothing but text";
const otherForm = "the form asks what an approval needs, not the members of the scenario";
const noHttp = "the server speaks stdio only; the bridge's HTTP would be tested";

/** Why the others do not apply. */
export const notApplicable = {
  "logging-set-level": noLogging,
  "tools-call-with-logging": noLogging,
  "tools-call-image": onlyText,
  "tools-call-audio": onlyText,
  "tools-call-embedded-resource": onlyText,
  "tools-call-mixed-content": onlyText,
  "resources-read-binary": onlyText,
  "prompts-get-embedded-resource": onlyText,
  "prompts-get-with-image": onlyText,
  "tools-call-sampling": "the server never asks for sampling",
  "elicitation-sep1034-defaults": otherForm,
  "elicitation-sep1330-enums": otherForm,
  "json-schema-2020-12": "schemas have no `$defs` and `$ref` here, because some clients cannot read them",
  "resources-templates-read": "no resource here says 123",
  "resources-subscribe": noSubscriptions,
  "resources-unsubscribe": noSubscriptions,
  "server-sse-polling": noHttp,
  "server-sse-multiple-streams": noHttp,
  "dns-rebinding-protection": noHttp,
};
