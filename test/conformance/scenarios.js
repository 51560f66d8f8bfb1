/**
 * Many scenarios want a tool, a prompt or a resource of a fixed name. Where one of ours does the like, a request for the
 * suite's gets these parameters; neither the answer nor what is checked in it is changed.
 * @type {Record<string, (given: object) => object>}
 */
export const standIns = {
  "completion/complete test_prompt_with_arguments": ({ argument: { value } }) => ({
    ref: { type: "ref/prompt", name: "rotate_certificate" },
    argument: { name: "certificate", value },
  }),
  "tools/call test_simple_text": tool("DescribeCertificates", {}),
  "tools/call test_error_handling": tool("DescribeCertificate", { CertificateId: "nosuchid" }),
  "tools/call test_tool_with_progress": tool("check_served_certificate", {
    domains: ["www.example.com", "img.example.com", "play.example.com"],
  }),
  "resources/read test://static-text": () => ({ uri: "cloudcert://status" }),
  "prompts/get test_simple_prompt": () => ({ name: "expiry_review" }),
  "prompts/get test_prompt_with_arguments": ({ arguments: { arg1, arg2 } }) => ({
    name: "rotate_certificate",
    arguments: { certificate: arg1, replacement: arg2 },
  }),
};

function tool(name, args) {
  return () => ({ name, arguments: args });
}

const noLogging = "no `logging` is declared; the server logs to stderr";
const noSubscriptions = "no `resources.subscribe` is declared";
const onlyText = "there is nothing but text";
const noForm = "over HTTP the server asks on its pages: the caller's own client approves nothing";
const sessionsOnly = "without `--http-sessions` there are no sessions";

/** Why scenarios do not apply: to neither server, or not to the one that `to` names (run.js). */
export const notApplicable = {
  "logging-set-level": { why: noLogging },
  "tools-call-with-logging": { why: noLogging },
  "tools-call-image": { why: onlyText },
  "tools-call-audio": { why: onlyText },
  "tools-call-embedded-resource": { why: onlyText },
  "tools-call-mixed-content": { why: onlyText },
  "resources-read-binary": { why: onlyText },
  "prompts-get-embedded-resource": { why: onlyText },
  "prompts-get-with-image": { why: onlyText },
  "tools-call-sampling": { why: "the server never asks for sampling" },
  "tools-call-elicitation": { why: noForm },
  "elicitation-sep1034-defaults": { why: noForm },
  "elicitation-sep1330-enums": { why: noForm },
  "json-schema-2020-12": { why: "schemas have no `$defs` and `$ref` here, because some clients cannot read them" },
  "resources-templates-read": { why: "no resource here says 123" },
  "resources-subscribe": { why: noSubscriptions },
  "resources-unsubscribe": { why: noSubscriptions },
  "server-sse-polling": { why: "no stream ends before its answer; after a broken connection the call is made again" },
  "server-sse-multiple-streams": { to: "sandbox", why: sessionsOnly },
  "server-session-lifecycle": { to: "sandbox", why: sessionsOnly },
  "dns-rebinding-protection": { to: "team", why: "it is for servers without authentication" },
};
