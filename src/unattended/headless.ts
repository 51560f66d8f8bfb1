import { setMaxListeners } from "node:events";
import type { Channel } from "../approval/channel.js";
import type { Gate } from "../approval/gate.js";
import type { Plan } from "../approval/plan.js";
import type { ApprovalRequest } from "../approval/request.js";
import { configuredSecrets } from "../config/environment.js";
import type { Configuration } from "../config/options.js";
import { ConfigurationError } from "../config/read.js";
import { setupCheck } from "../doctor/examine.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { stackOf } from "../lib/failure.js";
import { type Language, languages, type Reader, readerIn } from "../lib/language.js";
import { escapeInvisibleLines, SafeText } from "../lib/safe-text.js";
import type { TextOutput } from "../lib/text-output.js";
import { CallsInFlight } from "../mcp/calls-in-flight.js";
import type { Notify, PlanWaits } from "../notify/event.js";
import type { AnyTool, CallContext } from "../pipeline/call-context.js";
import { RecentReads } from "../pipeline/recent-reads.js";
import { Redactor } from "../secrets/redaction/redactor.js";
import type { RuntimeAccount } from "../setup/accounts.js";
import { planWaits } from "../setup/approval.js";
import { compose } from "../setup/composition.js";
import { otherAccount } from "../setup/other-account.js";
import { enabledTools } from "../setup/tool-selection.js";
import { ownTools } from "../tools/index.js";

/**
 * Who is asked: a person, by `--approve`; nobody, and the plan is printed; or nobody, and nothing is sent even if
 * approved in advance.
 */
type AskMode = "a person" | "nobody" | "dry run";

export interface HeadlessOptions {
  readonly account: RuntimeAccount;
  /** The accounts that may be read beside it, itself included; may be empty. */
  readonly accounts: readonly RuntimeAccount[];
  readonly env: EnvironmentVariables;
  readonly asks: AskMode;
  /** Where lines for people go. */
  readonly err: TextOutput;
  /** Ends what runs: nothing is begun after it. */
  readonly stop: AbortSignal;
}

/** The program without a client: calls from a shell or a schedule take the same path as a model's. */
export interface Headless {
  readonly context: CallContext;
  readonly asks: AskMode;
  /** Keeps the plan that nobody was asked about. */
  readonly plans: Pick<PlanKeeper, "take"> | undefined;
  readonly inFlight: CallsInFlight;
  readonly notify: Notify;
  readonly stop: AbortSignal;
  readonly reader: Reader;
  /** The tools that the operator offers, by name. */
  readonly tools: ReadonlyMap<string, AnyTool>;
  readonly redact: (text: string) => string;
  readonly log: (line: string) => void;
  close(): Promise<void>;
}

/** @throws {ConfigurationError} for settings that need a client */
export async function openHeadless(options: HeadlessOptions): Promise<Headless> {
  const { env, asks, err, stop, account, accounts } = options;
  const { configuration, environment } = account;
  if (asks === "a person") refuseClientOnly(configuration);
  // Many reads at once wait for it.
  setMaxListeners(0, stop);
  const redactor = new Redactor(configuredSecrets(environment));
  const redact = (text: string) => redactor.redact(text);
  const log = (line: string) => void err.write(`cloudcert-mcp: ${escapeInvisibleLines(redact(line))}\n`);
  const composed = await compose({ configuration, env, environment, redactor, log });
  const { shared, backend, cloud, gateWith, notify, close } = composed;
  if (backend.notice !== undefined) log(backend.notice);
  const reader = readerIn(env, configuration.language);
  const plans =
    asks === "a person" ? undefined : new PlanKeeper(reader.language, asks === "nobody" ? "unattended" : asks);
  const others = accounts
    .filter((each) => each !== account)
    .map((each) => openedOnDemand(each, { ...options, account: each, accounts: [], asks: "dry run" }, log));
  const otherAccounts = others.map(({ other }) => other);
  const asking = { ...(plans && { instead: plans }), ...(asks === "dry run" && { unrecorded: true as const }) };
  const gate: Gate = gateWith(asking, otherAccounts);
  const inFlight = new CallsInFlight();
  const offered = enabledTools([...shared.operations, ...ownTools], configuration, backend.credentials);
  return {
    context: {
      ...shared,
      otherAccounts,
      gate,
      cloud: asks === "dry run" ? readOnlyCloud(shared.cloud) : shared.cloud,
      recentReads: new RecentReads(shared.now),
      examineSetup: (signal) => setupCheck({ configuration, env, backend, cloud }, undefined, signal),
      report: (error) => log(stackOf(error)),
    },
    asks,
    plans,
    inFlight,
    notify,
    stop,
    reader,
    tools: new Map(offered.map((tool) => [tool.name, tool])),
    redact,
    log,
    close: async () => {
      await inFlight.end();
      await Promise.allSettled(others.map((other) => other.close()));
      // A close that fails must not keep the rest open.
      await gate.close().finally(() => close());
    },
  };
}

/** Another account, opened only if something is read there; nothing can be sent with it. */
function openedOnDemand({ name = "" }: RuntimeAccount, options: HeadlessOptions, log: (line: string) => void) {
  let opening: Promise<Headless> | undefined;
  const open = () => {
    if (opening !== undefined) return opening;
    opening = openHeadless(options);
    // What failed is tried again by the next call.
    opening.catch(() => {
      opening = undefined;
    });
    return opening;
  };
  const other = otherAccount(name, async (work) => work((await open()).context), log);
  return { other, close: async () => (await opening)?.close() };
}

/** @throws {ConfigurationError} if `--approve` needs a client: there is none */
function refuseClientOnly({ approve }: Configuration): void {
  if (approve !== "elicit" && approve !== "token") return;
  throw new ConfigurationError(
    `--approve ${approve} requires a client, and there is none here: use page, terminal or auto (both)`,
  );
}

/** A second safeguard in a dry run: even if the gate let a change through, nothing would be sent. */
function readOnlyCloud(cloud: CallContext["cloud"]): CallContext["cloud"] {
  return {
    credentialIdOf: (service) => cloud.credentialIdOf(service),
    exclusionOf: (operation) => cloud.exclusionOf(operation),
    signersFor: (services) => cloud.signersFor(services),
    signerChange: (operation, signers) => cloud.signerChange(operation, signers),
    send: (...read) => cloud.send(...read),
    sendApproved: async ({ name }) => {
      throw new Error(`${name} does not belong into a dry run`);
    },
  };
}

/** A copy of the text in each language: a request forgets its plan once it can no longer be decided. */
function snapshotText(text: SafeText): SafeText {
  const told = new Map(languages.map((language) => [language, text.for({ language })]));
  return new SafeText(({ language }) => told.get(language) ?? "");
}

/** A channel that asks nobody: it keeps the plan that a person would have been shown, to be printed instead. */
export class PlanKeeper implements Channel {
  /** It keeps every plan, also of what no client may be asked about. */
  readonly outOfBand = true;
  readonly asksNobody: NonNullable<Channel["asksNobody"]>;
  readonly #language: Language;
  /** Also as it is told in notifications. */
  #kept: { readonly plan: Plan; readonly waits: PlanWaits } | undefined;

  constructor(language: Language, asksNobody: NonNullable<Channel["asksNobody"]> = "unattended") {
    this.#language = language;
    this.asksNobody = asksNobody;
  }

  /** The last plan since it was last taken. */
  take() {
    const kept = this.#kept;
    this.#kept = undefined;
    return kept;
  }

  async present(request: ApprovalRequest): Promise<boolean> {
    // Nobody was asked, so there is no deadline to report.
    const { until: _, plan, ...waits } = planWaits(request);
    const { id, question, warnings } = plan;
    const told = { id, question: snapshotText(question), warnings: warnings.map(snapshotText) };
    this.#kept = { plan: request.planIn(this.#language), waits: { ...waits, plan: told } };
    return false;
  }

  async close(): Promise<void> {}
}
