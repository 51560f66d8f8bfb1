import { hasScreen } from "../approval/page/browser.js";
import { findSockets, UnfitDirectory } from "../approval/terminal/socket.js";
import { distinctBy } from "../lib/lists.js";
import { joined, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { approvalSockets } from "../setup/approval.js";
import { type Check, type CheckContext, type DoctorFinding, doctorWarning, failure, ok } from "./check-result.js";
import { canBeMade } from "./files.js";

/** Whether a person can be asked from here. Does not say how an approval is given: a model reads this too. */
export const approval: Check = async (setup) => {
  const { approve, readOnly } = setup.configuration;
  if (setup.onTeamServer) return [];
  if (readOnly) return [ok(safe`Not needed: this server only reads.`)];
  switch (approve) {
    case "elicit":
      return [elicit(setup, failure)];
    case "page":
      return [page(setup)];
    case "terminal":
      return [await terminal(setup, failure)];
    case "token":
      return [
        doctorWarning(
          safe`token: only the host's own prompt guards a change.`,
          safe`Ask the operator to make sure that the host asks a person at each call, or to choose another channel (--approve).`,
        ),
      ];
    case "auto":
      return allowOneChannel(setup, [elicit(setup, doctorWarning), page(setup), await terminal(setup, doctorWarning)]);
  }
};

/** One channel is enough: while one works, another that does not is reported, but not as a fault. */
function allowOneChannel({ client }: CheckContext, channels: readonly DoctorFinding[]): readonly DoctorFinding[] {
  // Without a client, the first depends on one.
  const known = client === undefined ? channels.slice(1) : channels;
  const isEnough = known.some(({ state }) => state === "ok");
  return channels.map((each) =>
    isEnough && each.state !== "ok" ? ok(safe`${each.says} Another channel works.`) : each,
  );
}

type Fault = (says: SafeText, next: SafeText) => DoctorFinding;

function elicit({ client }: CheckContext, fault: Fault): DoctorFinding {
  if (client === undefined) return ok(safe`elicit: depends on the client; its assistant can call check_setup.`);
  if (client.elicitation.includes("form"))
    return ok(safe`elicit: ${verbatim(client.name)} declares that it shows forms.`);
  return fault(
    safe`elicit: ${verbatim(client.name)} does not declare that it can show a form.`,
    safe`Use a client that supports forms, or ask the operator to choose another channel (--approve).`,
  );
}

function page({ env }: CheckContext): DoctorFinding {
  if (hasScreen(process.platform, env)) return ok(safe`page: a browser can be opened here.`);
  return doctorWarning(
    safe`page: no screen was found, so no browser opens by itself.`,
    safe`Ask the operator to look into this server's log, or to choose another channel (--approve).`,
  );
}

/** Does not reveal the directory: a model that can write there is a program of this user. */
async function terminal({ env }: CheckContext, fault: Fault): Promise<DoctorFinding> {
  const directories = approvalSockets(env);
  if (directories.length === 0) {
    return fault(
      safe`terminal: this platform has no terminal devices that a code can be written to.`,
      safe`Ask the operator to choose another channel (--approve).`,
    );
  }
  const faults: SafeText[] = [];
  for (const directory of directories) {
    try {
      findSockets(directory);
      if (await canBeMade(directory)) return ok(safe`terminal: a private directory for it exists or can be made.`);
      faults.push(safe`it cannot be written`);
    } catch (error) {
      faults.push(error instanceof UnfitDirectory ? safe`it ${error.reason}` : safe`it cannot be read`);
    }
  }
  return fault(
    safe`terminal: no usable directory: ${joined(distinctBy(faults, String), safe`; `)}.`,
    safe`Ask the operator to make the runtime or the state directory of cloudcert-mcp private (mode 700).`,
  );
}
