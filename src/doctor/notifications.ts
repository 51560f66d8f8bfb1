import { type Check, ok } from "./finding.js";

/** Names who is told. Nothing is sent: a group would wonder about a test. */
export const notifications: Check = {
  name: "notifications",
  run: async ({ notify }) =>
    notify.targets.length === 0
      ? [ok("Nobody is told outside the conversation (--notify).")]
      : notify.targets.map(({ receiver, host, signed }) =>
          ok(`${receiver.name} at ${host}, ${signed ? "signed" : "by its address alone"}. Nothing was sent to it.`),
        ),
};
