import { ConfigurationError } from "../config/read.js";
import { asSentence, type DoctorFinding, doctorWarning, failure, notChecked, ok } from "../doctor/check-result.js";
import type { ReportLine, TeamSettings } from "../doctor/examine.js";
import { Issuer } from "../identity/issuer.js";
import { messageWithCauseOf } from "../lib/failure.js";
import { MissingPackage } from "../lib/optional-packages.js";
import { type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { machineTime } from "../lib/time-source.js";
import { accountNames } from "./team-accounts.js";
import { readRules } from "./team-rules.js";
import {
  checkTeamSettings,
  forRemoteCallers,
  pageLoginOf,
  requireTokens,
  resourceOf,
  tlsIncomplete,
} from "./team-settings.js";
import { TlsFiles } from "./tls-files.js";

type TeamCheck = (settings: TeamSettings) => Promise<readonly DoctorFinding[]>;

/** Checks the settings of `serve`, each as the server does at its start. Nothing is started, and nothing changed. */
export async function examineTeamSettings(settings: TeamSettings): Promise<readonly ReportLine[]> {
  const checks: readonly (readonly [check: SafeText, run: TeamCheck])[] = [
    [safe`serve`, together],
    [safe`TLS certificate`, certificate],
    [safe`static tokens`, staticTokens],
    [safe`identity provider`, issuerAnswers],
    [safe`login`, login],
    [safe`rules`, rules],
  ];
  const found = await Promise.all(
    checks.map(async ([check, run]) => (await run(settings)).map((finding) => ({ check, ...finding }))),
  );
  return found.flat();
}

const correct = safe`Correct it; cloudcert-mcp serve --help lists the settings.`;

/** What `read` finds, or the fault that the server would end with. */
async function unlessRefused(read: () => Promise<DoctorFinding> | DoctorFinding): Promise<readonly DoctorFinding[]> {
  try {
    return [await read()];
  } catch (error) {
    if (!(error instanceof ConfigurationError || error instanceof MissingPackage)) throw error;
    return [failure(asSentence(error), correct)];
  }
}

const together: TeamCheck = async ({ team, configuration, isServed }) =>
  isServed
    ? unlessRefused(() => {
        const listen = checkTeamSettings(team, forRemoteCallers(configuration));
        return ok(safe`The settings go together; the endpoint is ${verbatim(resourceOf(team, listen).href)}.`);
      })
    : [
        notChecked(
          safe`Whether the settings of serve go together: no --http is given. To check that, run doctor serve.`,
        ),
      ];

const certificate: TeamCheck = async ({ team, isServed }) => {
  const { tlsCert, tlsKey } = team;
  if (tlsCert === undefined || tlsKey === undefined) {
    // If the server is to be started, that they are incomplete is said of its settings together.
    const isIncomplete = tlsCert !== tlsKey && !isServed;
    return isIncomplete ? [failure(asSentence({ message: tlsIncomplete }), correct)] : [];
  }
  return unlessRefused(() => {
    const { warning } = new TlsFiles(tlsCert, tlsKey).read();
    if (warning === undefined) return ok(safe`${verbatim(tlsCert)} and its key can be used.`);
    return doctorWarning(
      asSentence({ message: warning }),
      safe`Write a certificate that is valid now to that file; a server that runs reads it again by itself.`,
    );
  });
};

const staticTokens: TeamCheck = async ({ team: { tokens } }) =>
  tokens === undefined
    ? []
    : unlessRefused(async () => {
        await requireTokens(tokens);
        return ok(safe`${verbatim(tokens)} can be read.`);
      });

/** Asks the identity provider for its metadata and its keys, as the first access token would. */
const issuerAnswers: TeamCheck = async ({ team: { issuer: name } }) => {
  if (name === undefined) return [];
  const reasons: string[] = [];
  const issuer = new Issuer(
    name,
    () => machineTime.now().getTime(),
    (line) => reasons.push(line),
  );
  try {
    await (await issuer.keys()).reload();
    return [ok(safe`${verbatim(name)} answers, and its keys can be read.`)];
  } catch (error) {
    return [
      failure(
        asSentence({ message: reasons[0] ?? messageWithCauseOf(error) }),
        safe`Check --issuer, and the way there; until it answers, the server admits nobody with its access tokens.`,
      ),
    ];
  }
};

const login: TeamCheck = async ({ team, env }) => {
  const { loginClient, issuer, rules: path, publicUrl } = team;
  if (loginClient === undefined) {
    return path === undefined
      ? []
      : [
          doctorWarning(
            safe`Nobody can approve anything: there is no page on which people decide.`,
            safe`Set --login-client, unless this server is only to be read from.`,
          ),
        ];
  }
  if (issuer === undefined) return [];
  return unlessRefused(() => {
    // The secret is read as the server reads it, and used for nothing.
    const ignore = () => {};
    pageLoginOf(team, publicUrl ?? new URL(issuer), env, ignore, ignore);
    return ok(safe`People log in as ${verbatim(loginClient)} at ${verbatim(issuer)}; not tried.`);
  });
};

const rules: TeamCheck = async ({ team, accounts }) => {
  const { rules: path, issuer, tokens } = team;
  if (path === undefined) {
    // Whoever reaches a sandbox on this computer needs none.
    const isOpen = issuer === undefined && tokens === undefined;
    return isOpen ? [] : [ok(safe`None are given (--rules), so nobody may change anything.`)];
  }
  return unlessRefused(async () => {
    await readRules(team, accountNames(accounts));
    return ok(safe`${verbatim(path)} can be used.`);
  });
};
