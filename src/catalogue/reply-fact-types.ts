/** What the codes of one member mean, by the code as text. */
export type CodeMeanings = ReadonlyMap<string, string>;

/** The short form of a reply. */
export type Summary =
  /** These members of each row. */
  | { readonly rows: string; readonly keep: readonly string[] }
  /** Everything but the members with these names, at any depth. */
  | { readonly leaveOut: readonly string[] };

/** How to request the rest of a long list. */
export type Paging =
  /** Offset and Limit page the whole list at the top of the reply. */
  | { readonly by: "page"; readonly list: string; readonly total: string; readonly narrow?: readonly string[] }
  /** Offset and Limit count the rows of all groups together, in an order that the reply does not show. */
  | { readonly by: "groups"; readonly list: string; readonly rows: string; readonly total: string }
  /** Each product and region has its own list, and Offset and Limit apply to each. */
  | { readonly by: "product and region"; readonly rows: string; readonly total: string };

/** What is known about an operation's reply, other than its types. */
export interface ReplyFacts {
  /** By dotted path without indices: `Certificates.Status` is the status of every row. */
  readonly meanings?: Readonly<Record<string, CodeMeanings>>;
  /** Absent if the reply is short, or if people ask for all of it. */
  readonly summary?: Summary;
  readonly paging?: Paging;
}
