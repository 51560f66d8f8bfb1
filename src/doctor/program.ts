import { oldestNode, version } from "../lib/version.js";
import { type Check, countOf, doctorWarning, failure, ok } from "./check-result.js";

export const versions: Check = () => {
  const { node } = process.versions;
  const says = `cloudcert-mcp ${version} on Node.js ${node}, ${process.platform} ${process.arch}`;
  if (node.localeCompare(oldestNode, "en", { numeric: true }) >= 0) return [ok(`${says}.`)];
  return [failure(`${says}; it needs ${oldestNode}.`, "Install a newer Node.js.")];
};

export const configuration: Check = ({ configuration: given, services, operations, restricted }) => {
  const { sandbox, allowInlineSecrets, readOnly } = given;
  const where = sandbox ? "the sandbox" : `the clouds (Tencent Cloud site ${given.site})`;
  const what = `${countOf(operations.length, "operation")} of ${services.map(({ title }) => title).join(", ")}`;
  return [
    ok(`${what} on ${where}${readOnly ? ", read-only" : ""}.`),
    ...(operations.length === 0
      ? [failure("No operation is offered.", "Check --services, --allow, --deny and --read-only.")]
      : []),
    ...restricted.map(({ tool, without }) =>
      doctorWarning(
        `${tool} cannot use ${without.join(", ")}: the policy excludes it.`,
        "If that is not intended, ask the operator to check --allow and --deny.",
      ),
    ),
    ...(allowInlineSecrets
      ? [
          doctorWarning(
            "Private keys may appear in the conversation (--allow-inline-secrets).",
            "Use references instead.",
          ),
        ]
      : []),
  ];
};

/** Names who is told. Nothing is sent: a group would wonder about a test. */
export const notifications: Check = ({ backend: { notify } }) =>
  notify.targets.length === 0
    ? [ok("Nobody is told outside the conversation (--notify).")]
    : notify.targets.map(({ receiver, host, signed }) =>
        ok(`${receiver.name} at ${host}, ${signed ? "signed" : "by its address alone"}. Nothing was sent to it.`),
      );

export const client: Check = ({ client: connected }) => {
  if (connected === undefined) return [];
  const { name, version: ofClient, capabilities } = connected;
  const declares = capabilities.length === 0 ? "nothing" : capabilities.join(", ");
  return [ok(`${name} ${ofClient} declares ${declares}.`)];
};
