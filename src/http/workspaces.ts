import type { Person } from "../identity/person.js";
import type { Workspace } from "../mcp/workspace.js";

/** A workspace, as far as it decides whether it may be closed. */
type AnyWorkspace = { readonly ongoingCalls: Pick<Workspace["ongoingCalls"], "busy"> };

export interface OpenWorkspace<Space extends AnyWorkspace = Workspace> {
  readonly workspace: Space;
  close(): Promise<void>;
}

/** Opens workspaces: each person works in one of their own. */
interface Workplace<Space extends AnyWorkspace = Workspace> {
  readonly name: string;
  open(person: Person): Promise<OpenWorkspace<Space>>;
}

interface WorkspacesOptions {
  /** Milliseconds on a monotonic clock. */
  readonly elapsed: () => number;
  /** Most that are open, unless all of them are busy. */
  readonly most?: number;
  /** Reports a failure to close one. */
  readonly report: (error: unknown) => void;
}

/** How long a workspace stays open without use, in milliseconds. */
const IDLE = 30 * 60_000;

interface WorkspaceEntry<Space extends AnyWorkspace> {
  readonly opening: Promise<OpenWorkspace<Space>>;
  workspace: Space | undefined;
  /** Requests that use it now. */
  users: number;
  usedAt: number;
}

/** A person whose groups have changed begins anew: what was given to a group must not outlast the membership. */
export function personKey({ id, groups }: Person): string {
  return JSON.stringify([id, ...groups.toSorted()]);
}

/** The workspaces of recent callers: one for each person and account, so that nobody reaches another's. */
export class Workspaces<Space extends AnyWorkspace = Workspace> {
  readonly #options: Required<WorkspacesOptions>;
  /** The one that was used last is last. */
  readonly #entries = new Map<string, WorkspaceEntry<Space>>();

  constructor(options: WorkspacesOptions) {
    this.#options = { most: 1_000, ...options };
  }

  /** Does some work in a person's workspace, which stays open until the work is done. */
  async within<Result>(
    person: Person,
    place: Workplace<Space>,
    work: (workspace: Space) => Promise<Result>,
  ): Promise<Result> {
    const kept = this.#of(person, place);
    kept.users += 1;
    // Only once it has a user: if all others are busy, the new one would be closed.
    this.closeIdle();
    try {
      const { workspace } = await kept.opening;
      kept.workspace = workspace;
      return await work(workspace);
    } finally {
      kept.users -= 1;
      kept.usedAt = this.#options.elapsed();
    }
  }

  /** Closes those that nobody has used for long; to be called regularly. */
  closeIdle(): void {
    const { elapsed, most } = this.#options;
    for (const [key, kept] of this.#entries) {
      const isOld = elapsed() - kept.usedAt >= IDLE;
      if (!isOld && this.#entries.size <= most) return;
      if (!isBusy(kept)) this.#close(key, kept);
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  async close(): Promise<void> {
    const all = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.allSettled(all.map(async ({ opening }) => (await opening).close()));
  }

  #of(person: Person, place: Workplace<Space>): WorkspaceEntry<Space> {
    const { elapsed } = this.#options;
    const key = `${place.name} ${personKey(person)}`;
    const known = this.#entries.get(key);
    const kept = known ?? { opening: place.open(person), workspace: undefined, users: 0, usedAt: elapsed() };
    this.#entries.delete(key);
    this.#entries.set(key, kept);
    // One that failed to open is tried again by the next request.
    if (known === undefined) kept.opening.catch(() => this.#entries.delete(key));
    return kept;
  }

  #close(key: string, { opening }: WorkspaceEntry<Space>): void {
    this.#entries.delete(key);
    void opening.then((opened) => opened.close()).catch(this.#options.report);
  }
}

function isBusy({ users, workspace }: WorkspaceEntry<AnyWorkspace>): boolean {
  return users > 0 || workspace?.ongoingCalls.busy === true;
}
