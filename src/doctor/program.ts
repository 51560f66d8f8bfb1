import { joined, safe, verbatim } from "../lib/safe-text.js";
import { oldestNode, version } from "../lib/version.js";
import { type Check, doctorWarning, failure, ok, titleOf } from "./check-result.js";

export const versions: Check = () => {
  const { node } = process.versions;
  const platform = verbatim(`${process.platform} ${process.arch}`);
  const says = safe`cloudcert-mcp ${verbatim(version)} on Node.js ${verbatim(node)}, ${platform}`;
  if (node.localeCompare(oldestNode, "en", { numeric: true }) >= 0) return [ok(safe`${says}.`)];
  return [failure(safe`${says}; it needs ${verbatim(oldestNode)}.`, safe`Install a newer Node.js.`)];
};

export const configuration: Check = ({ configuration: given, services, operations, restricted }) => {
  const { sandbox, allowInlineSecrets, readOnly } = given;
  const where = sandbox ? safe`the sandbox` : safe`the clouds (Tencent Cloud site ${verbatim(given.site)})`;
  const offered = operations.length === 1 ? safe`1 operation` : safe`${operations.length} operations`;
  const what = joined(services.map(titleOf));
  return [
    ok(readOnly ? safe`${offered} of ${what} on ${where}, read-only.` : safe`${offered} of ${what} on ${where}.`),
    ...(operations.length === 0
      ? [failure(safe`No operation is offered.`, safe`Check --services, --allow, --deny and --read-only.`)]
      : []),
    ...restricted.map(({ tool, without }) =>
      doctorWarning(
        safe`${verbatim(tool)} cannot use ${joined(without.map(verbatim))}: the policy excludes it.`,
        safe`If that is not intended, ask the operator to check --allow and --deny.`,
      ),
    ),
    ...(allowInlineSecrets
      ? [
          doctorWarning(
            safe`Private keys may appear in the conversation (--allow-inline-secrets).`,
            safe`Use references instead.`,
          ),
        ]
      : []),
  ];
};

/** Names who is told. Nothing is sent: a group would wonder about a test. */
export const notifications: Check = ({ backend: { notify } }) =>
  notify.targets.length === 0
    ? [ok(safe`Nobody is told outside the conversation (--notify).`)]
    : notify.targets.map(({ receiver, host, signed }) =>
        ok(
          signed
            ? safe`${verbatim(receiver.name)} at ${verbatim(host)}, signed. Nothing was sent to it.`
            : safe`${verbatim(receiver.name)} at ${verbatim(host)}, by its address alone. Nothing was sent to it.`,
        ),
      );

export const client: Check = ({ client: connected }) => {
  if (connected === undefined) return [];
  const { name, version: ofClient, capabilities } = connected;
  const told = verbatim(`${name} ${ofClient}`);
  const declared = joined(capabilities.map(verbatim));
  return [ok(capabilities.length === 0 ? safe`${told} declares nothing.` : safe`${told} declares ${declared}.`)];
};
