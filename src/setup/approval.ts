import { ApprovalStore } from "../approval/approval-store.js";
import type { PlannedCall } from "../approval/call-binding.js";
import type { Channel } from "../approval/channel.js";
import { readCurrentState } from "../approval/current-state/read-current-state.js";
import type { CurrentStateOptions } from "../approval/current-state/state-reader.js";
import { environmentOf } from "../approval/destination.js";
import { Gate } from "../approval/gate.js";
import { PageChannel } from "../approval/page/channel.js";
import type { Plan } from "../approval/plan.js";
import type { QuestionLimits } from "../approval/question-limits.js";
import { decisionsIn } from "../approval/recorded-decisions.js";
import { type ApprovalRequest, teamPlace } from "../approval/request.js";
import { TeamApproval, type TeamApprovalOptions } from "../approval/team/approval.js";
import { TerminalChannel } from "../approval/terminal/channel.js";
import { socketDirectories } from "../approval/terminal/socket.js";
import type { AuditEntry } from "../audit/entry.js";
import { defaultAuditPath, sandboxAuditPath } from "../audit/path.js";
import type { AuditSource, AuditWriter } from "../audit/source.js";
import type { CloudClient } from "../cloud/cloud-client.js";
import type { Approval, Configuration } from "../config/options.js";
import { dayMs } from "../lib/days.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { readerIn } from "../lib/language.js";
import { userStateDirectory } from "../lib/paths.js";
import { SafeText } from "../lib/safe-text.js";
import type { TimeSource } from "../lib/time-source.js";
import { type Notify, nearEnd, type PlanWaits } from "../notify/event.js";
import { readWithoutSecrets } from "../pipeline/call-context.js";
import { StandingApprovals, type StandingApprovalsOptions } from "../standing-approvals/store.js";

/**
 * How long the cloud may take to find out what uses a certificate, in milliseconds: for the plan, which otherwise says
 * that it is not known yet, and for the second reading, which otherwise voids the approval.
 */
const bindingTimeouts = { plan: 20_000, again: 60_000 };

/** How the state before a change is read, apart from the clouds' own reads. */
type CurrentStateDeps = Pick<CurrentStateOptions, "tlsCheck" | "changedSince" | "listDomains">;

/** Who is asked in addition to the operator's channels, or instead of them. */
export interface Asking {
  /** Asks through the client, where there is one. */
  readonly form?: Channel;
  /** Asked instead of the operator's channels. */
  readonly instead?: Channel;
  /** Asks the team of whoever calls, on its pages, and nobody else. */
  readonly team?: AskingTeam;
  /** Counts the questions, if gates of other accounts put theirs to the same person; the gate's own if absent. */
  readonly limits?: QuestionLimits;
  /** For dry runs: the plan is not recorded in the audit log, because nothing can come of it. */
  readonly unrecorded?: true;
}

/** What is needed to ask a team, apart from the operator's settings. */
interface AskingTeam extends Omit<TeamApprovalOptions, "now" | "log"> {
  /** The key with which secrets enter bindings, for servers that share their questions; random if absent. */
  readonly bindingKey?: Buffer;
}

/** Socket directories shared by this user's servers and terminals. */
export function approvalSockets(env: EnvironmentVariables): readonly string[] {
  return socketDirectories(env, userStateDirectory());
}

interface GateDeps {
  readonly audit: Pick<AuditWriter, "append">;
  readonly standingApprovals: StandingApprovals;
  readonly configuration: Configuration;
  readonly env: EnvironmentVariables;
  readonly cloud: Pick<CloudClient, "send" | "signerChange">;
  readonly log: (line: string) => void;
  readonly stateDeps: CurrentStateDeps;
  readonly notify: Notify;
  readonly time: TimeSource;
}

/** The gate as the operator configured it. */
export function createGate(
  { form, instead, team: asked, unrecorded, limits }: Asking,
  { configuration, env, cloud, log, audit, standingApprovals, stateDeps, notify, time }: GateDeps,
): Gate {
  const team = asked && new TeamApproval({ ...asked, now: time.now, log });
  return new Gate({
    policy: configuration,
    channels: team ? [team] : instead ? [instead] : channelsFor(configuration, form, env, time, log),
    // Without a client there is no host that asks a person at each call.
    token: {
      offered: form !== undefined && configuration.approve === "token",
      forDestructive: configuration.tokenForDestructive,
    },
    store: new ApprovalStore(time, asked?.rules.questionMs, asked?.bindingKey, limits),
    team,
    audit: unrecorded ? { append: async () => {} } : audit,
    readCurrentState: (call, fresh, signal) => readState(call, fresh, signal, cloud, { ...stateDeps, time }),
    signerChange: (operation, signers) => cloud.signerChange(operation, signers),
    sandbox: configuration.sandbox,
    environmentOf: (call) => environmentOf(call, configuration),
    showsPersonalData: configuration.showPersonalData,
    pause: time.pause,
    wait: configuration.approvalWait,
    reader: readerIn(env, configuration.language),
    log,
    standingApprovals: unrecorded ? undefined : standingApprovals,
    onAsked: (request) => notify(planWaits(request)),
    onStandingUse: (approval, request, { usesLeft, terms: { last_day: lastDay, domains } }) => {
      const { plan } = planWaits(request);
      notify({ type: "standing_approval.used", approval, plan, usesLeft, lastDay });
      const daysLeft = (Date.parse(lastDay) - time.now().getTime()) / dayMs;
      if (usesLeft <= nearEnd.uses || daysLeft <= nearEnd.days)
        notify({ type: "standing_approval.ends_soon", approval, usesLeft, lastDay, domains });
    },
  });
}

interface RecordsOptions extends Pick<StandingApprovalsOptions, "terms" | "endpointOf"> {
  readonly audit: Pick<AuditWriter, "append">;
  /** The same log, to be read. */
  readonly auditSource: AuditSource;
}

/** The audit log and the standing approvals, whose uses are counted in that log. */
export function createRecords({ audit, auditSource, terms, endpointOf }: RecordsOptions, now: () => Date) {
  const append = (entry: AuditEntry) => audit.append(entry);
  return {
    audit,
    standingApprovals: new StandingApprovals({ terms, log: auditSource, append, now, endpointOf }),
    decisionsOn: decisionsIn(auditSource),
  };
}

/** The question for notifications: its words, and nothing by which it could be decided. */
export function planWaits(request: ApprovalRequest): PlanWaits {
  const { id, warnings } = request.plan;
  const { address } = request.places.get(teamPlace) ?? {};
  const inEachLanguage = (text: (plan: Plan) => string) =>
    new SafeText(({ language }) => text(request.planIn(language)));
  return {
    type: "plan.waits",
    plan: {
      id,
      question: inEachLanguage(({ question }) => question),
      warnings: warnings.map((_, index) => inEachLanguage((plan) => plan.warnings[index] ?? "")),
    },
    until: new Date(request.expiresAt).toISOString(),
    ...(request.plan.asker !== undefined && { asker: inEachLanguage(({ asker = "" }) => asker) }),
    ...(address !== undefined && { address }),
  };
}

/** Where this server records its changes. */
export function auditPath({ auditLog, sandbox }: Pick<Configuration, "auditLog" | "sandbox">): string {
  return auditLog ?? (sandbox ? sandboxAuditPath() : defaultAuditPath());
}

function channelsFor(
  { approve, language }: Pick<Configuration, "approve" | "language">,
  form: Channel | undefined,
  env: EnvironmentVariables,
  { now }: Pick<TimeSource, "now">,
  log: (line: string) => void,
): readonly Channel[] {
  const elicit = form ? [form] : [];
  const page = new PageChannel({ announce: log, language });
  const terminal = new TerminalChannel({ directories: approvalSockets(env), now: () => now().getTime(), log });
  const channels: Readonly<Record<Approval, readonly Channel[]>> = {
    elicit,
    page: [page],
    terminal: [terminal],
    token: [],
    auto: [...elicit, page, terminal],
  };
  return channels[approve];
}

function readState(
  { operation, params, rollout }: PlannedCall,
  fresh: boolean,
  signal: AbortSignal,
  cloud: Pick<CloudClient, "send">,
  { time, ...stateDeps }: CurrentStateDeps & { readonly time: TimeSource },
) {
  return readCurrentState(
    operation.plannedChanges(params),
    (read, readParams) => readWithoutSecrets(cloud, read, readParams, signal),
    {
      signal,
      ...stateDeps,
      fresh,
      arriving: rollout?.arriving,
      lastSet: rollout?.lastSet,
      bindingsWithinMs: fresh ? bindingTimeouts.again : bindingTimeouts.plan,
      pause: (ms) => time.pause(ms, signal),
      now: () => time.now().getTime(),
    },
  );
}
