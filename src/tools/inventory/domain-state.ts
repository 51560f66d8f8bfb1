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
  readonly Paused?: boolean | null | undefined;
}

/** The state that all domains of an EdgeOne site have by the site's; undefined if it serves them. */
export function zoneState({ Status, ActiveStatus, Paused }: ZoneRow): DomainState | undefined {
  const moved = Status === "moved" || Status === "deactivated" ? Status : undefined;
  const said = moved ?? (Paused || ActiveStatus === "paused" ? "paused" : undefined);
  return said === undefined ? undefined : { said: `site ${said}`, isPassing: false };
}
