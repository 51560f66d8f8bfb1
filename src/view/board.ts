import { membersIn, type ReplyMembers, rowsIn, sentencesIn, textIn } from "./values.js";

/** A target of a job, and how far it has come. */
export interface BoardTarget {
  readonly name: string;
  readonly state: string;
  readonly before: string | undefined;
  readonly putBack: string | undefined;
  readonly acceptedAt: string | undefined;
  readonly seen: string | undefined;
  /** Why, and what a person should know. */
  readonly says: readonly string[];
}

export interface Board {
  readonly kind: "deployment" | "rollback";
  readonly job: string | undefined;
  /** The certificate of the job, in lines. */
  readonly certificate: readonly string[];
  readonly end: string | undefined;
  readonly summary: string | undefined;
  readonly targets: readonly BoardTarget[];
  readonly next: string | undefined;
  readonly notes: readonly string[];
}

/** A report of deploy_certificate or roll_back, or a job of list_jobs; undefined if it is something else. */
export function boardIn(reply: unknown): Board | undefined {
  const members = membersIn(reply);
  if (!Array.isArray(members.targets)) return undefined;
  const taken = members.certificate_taken_back;
  const certificate = membersIn(taken ?? members.certificate);
  return {
    kind: members.kind === "rollback" || taken !== undefined ? "rollback" : "deployment",
    job: textIn(members.job),
    certificate: [sentencesIn(certificate.names).join(", "), textIn(certificate.certificate_id)].flatMap(
      (part) => part || [],
    ),
    end: textIn(certificate.not_after),
    summary: textIn(members.summary),
    targets: rowsIn(members.targets).map(targetIn),
    next: textIn(members.next),
    notes: [textIn(members.watch_ended), ...sentencesIn(members.notes)].flatMap((note) => note ?? []),
  };
}

function targetIn(row: ReplyMembers): BoardTarget {
  return {
    name: textIn(row.target) ?? "",
    state: textIn(row.state) ?? "",
    before: textIn(row.before),
    putBack: textIn(row.put_back),
    acceptedAt: textIn(row.accepted_at),
    seen: textIn(row.seen_at_edge),
    says: [...sentencesIn(row.resources), row.says, row.supersedes, row.new_copy, row.code].flatMap(
      (part) => textIn(part) ?? [],
    ),
  };
}

/** What a call of deploy_certificate or roll_back is about, before anything is known of it. */
export function plannedBoard(tool: string | undefined, given: unknown): Board {
  const members = membersIn(given);
  const targets = rowsIn(members.targets).flatMap(namesOf);
  return {
    kind: tool === "roll_back" ? "rollback" : "deployment",
    // A rollback is given the job that it takes back, and is a job of its own.
    job: undefined,
    // A certificate that is passed as text or by reference is not shown.
    certificate: [textIn(members.certificate_id)].flatMap((part) => part ?? []),
    end: undefined,
    summary: undefined,
    targets: targets.map((name) => ({
      name,
      state: "planned",
      before: undefined,
      putBack: undefined,
      acceptedAt: undefined,
      seen: undefined,
      says: [],
    })),
    next: undefined,
    notes: [],
  };
}

function namesOf(target: ReplyMembers): string[] {
  const where = textIn(target.service);
  const what = sentencesIn(target.domains);
  const old = textIn(target.old_certificate_id);
  const names = what.length > 0 ? what : [old ?? ""].filter((name) => name !== "");
  return names.map((name) => (where === undefined ? name : `${where} ${name}`));
}

/** A job of list_jobs, as a board. */
export interface SeenJob {
  readonly board: Board;
  /** Whether a call works on it now. */
  readonly isWorkedOn: boolean;
}

/** The job with this id or, without one, the job that a call with these planned targets works on now. */
export function jobUnderWay(reply: unknown, planned: Board, job: string | undefined): SeenJob | undefined {
  for (const row of rowsIn(membersIn(reply).jobs)) {
    const board = boardIn(row);
    const isWorkedOn = row.working === true;
    if (board === undefined) continue;
    if (job === undefined ? isWorkedOn && isOf(board, planned) : board.job === job) return { board, isWorkedOn };
  }
  return undefined;
}

/** Whether a job is of the planned kind and has every target that was planned; its names say more than the call's. */
function isOf(board: Board, planned: Board): boolean {
  const names = board.targets.map(({ name }) => name);
  const has = (domain = "") => names.some((name) => name.includes(domain));
  return board.kind === planned.kind && planned.targets.every(({ name }) => has(name.split(" ").at(-1)));
}

/** Whether looking again may show more. */
export const isMoving = ({ targets }: Board) => targets.some(({ state }) => state === "accepted");
