/** What keeps a domain from serving visitors or from being changed (docs/cloud-behaviour.md 4.2, 5.5, 6.3). */
export interface DomainState {
  /** As its cloud calls it. */
  readonly said: string;
  /** It is being set up or changed, which ends by itself. */
  readonly isPassing: boolean;
}

/** Those in which a domain serves; `process` is a change of EdgeOne that is rolled out while it serves. */
const serving = new Set(["online", "on", "process"]);
const passing = new Set(["configuring", "checking", "init"]);

/** The state of a domain by its list; undefined if it serves, or if the list does not say. */
export function domainState(status: string | null | undefined): DomainState | undefined {
  const said = status?.trim().toLowerCase() ?? "";
  return said === "" || serving.has(said) ? undefined : { said, isPassing: passing.has(said) };
}

interface ZoneRow {
  readonly Status?: string | null | undefined;
  readonly ActiveStatus?: string | null | undefined;
  readonly LockStatus?: string | null | undefined;
  readonly Paused?: boolean | null | undefined;
}

/** Why nothing of a site may be changed, which says nothing of its visitors; it ends by itself or by the vendor. */
const locks: Readonly<Record<string, string>> = { disable: "locked", plan_migrate: "locked while its plan is moved" };

/** The state that all domains of an EdgeOne site have by the site's; undefined if it serves them and may be changed. */
export function zoneState({ Status, ActiveStatus, LockStatus, Paused }: ZoneRow): DomainState | undefined {
  const moved = Status === "moved" || Status === "deactivated" ? Status : undefined;
  const stopped = moved ?? (Paused || ActiveStatus === "paused" ? "paused" : undefined);
  const said = stopped ?? locks[LockStatus?.toLowerCase() ?? ""];
  return said === undefined ? undefined : { said: `site ${said}`, isPassing: stopped === undefined };
}
