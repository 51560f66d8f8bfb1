import { membersIn, type ReplyMembers, rowsIn, sentencesIn, textIn } from "./values.js";

/** A target of a job, and how far it has come. */
export interface TargetView {
  readonly name: string;
  readonly state: string;
  readonly before: string | undefined;
  readonly putBack: string | undefined;
  readonly acceptedAt: string | undefined;
  readonly seen: string | undefined;
  /** Why, and what a person should know. */
  readonly says: readonly string[];
}

export interface JobView {
  readonly kind: "deployment" | "rollback";
  readonly job: string | undefined;
  /** The certificate of the job, in lines. */
  readonly certificate: readonly string[];
  readonly end: string | undefined;
  readonly targets: readonly TargetView[];
  /** Why the edge is no longer checked. */
  readonly watchEnded: string | undefined;
  readonly next: string | undefined;
  readonly notes: readonly string[];
}

/** A report of deploy_certificate or roll_back, or a job of list_jobs; undefined if it is something else. */
export function jobViewIn(reply: unknown): JobView | undefined {
  const members = membersIn(reply);
  return Array.isArray(members.targets) ? jobViewOf(members) : undefined;
}

function jobViewOf(members: ReplyMembers): JobView {
  const taken = members.certificate_taken_back;
  const certificate = membersIn(taken ?? members.certificate);
  return {
    kind: members.kind === "rollback" || taken !== undefined ? "rollback" : "deployment",
    job: textIn(members.job),
    certificate: sentencesIn([sentencesIn(certificate.names).join(", "), certificate.certificate_id]),
    end: textIn(certificate.not_after),
    targets: rowsIn(members.targets).map(targetIn),
    next: textIn(members.next),
    watchEnded: textIn(members.watch_ended),
    notes: sentencesIn(members.notes),
  };
}

function targetIn(row: ReplyMembers): TargetView {
  return {
    name: textIn(row.target) ?? "",
    state: textIn(row.state) ?? "",
    before: textIn(row.before),
    putBack: textIn(row.put_back),
    acceptedAt: textIn(row.accepted_at),
    seen: textIn(row.seen_at_edge),
    says: sentencesIn([...sentencesIn(row.resources), row.says, row.supersedes, row.code]),
  };
}

/** What a call of deploy_certificate or roll_back is about, before anything is known of it. */
export function plannedJobView(tool: string | undefined, given: unknown): JobView {
  const members = membersIn(given);
  // Without `job`: a rollback is given the job that it takes back, and is a job of its own. A certificate that is passed
  // as text or by reference is not shown.
  return jobViewOf({
    kind: tool === "roll_back" ? "rollback" : "deployment",
    certificate: { certificate_id: members.certificate_id },
    targets: rowsIn(members.targets)
      .flatMap(namesOf)
      .map((target) => ({ target, state: "planned" })),
  });
}

function namesOf(target: ReplyMembers): string[] {
  const where = textIn(target.service);
  const domains = sentencesIn(target.domains);
  const names = domains.length > 0 ? domains : sentencesIn([target.old_certificate_id]);
  return names.map((name) => (where === undefined ? name : `${where} ${name}`));
}

/** The job of list_jobs with this id or, without one, that a call with these planned targets works on now. */
export function jobUnderWay(reply: unknown, planned: JobView, job: string | undefined): JobView | undefined {
  for (const row of rowsIn(membersIn(reply).jobs)) {
    const jobView = jobViewIn(row);
    if (jobView === undefined) continue;
    if (job === undefined ? row.working === true && isPlannedJob(jobView, planned) : jobView.job === job)
      return jobView;
  }
  return undefined;
}

/** Whether a job is of the planned kind and has every target that was planned; its names say more than the call's. */
function isPlannedJob(jobView: JobView, planned: JobView): boolean {
  const names = jobView.targets.map(({ name }) => name);
  const has = (domain = "") => names.some((name) => name.includes(domain));
  return jobView.kind === planned.kind && planned.targets.every(({ name }) => has(name.split(" ").at(-1)));
}

/** Whether looking again may show more. */
export const isMoving = ({ targets }: JobView) => targets.some(({ state }) => state === "accepted");
