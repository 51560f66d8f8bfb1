/** What the codes of one member mean, by the code as text. */
export type CodeMeanings = ReadonlyMap<string, string>;

/** Members are named by dotted paths without indices: `Certificates.Status` is the status of every row. */
export type MemberPath = string;

/** What the short form of a reply holds. */
export type Summary =
  /** These members of each row. */
  | { readonly rows: string; readonly keep: readonly string[] }
  /** Everything but the members of these names, wherever they stand. */
  | { readonly leaveOut: readonly string[] };

/** How the rest of a long list is asked for. */
export type Paging =
  /** The whole list at the top of the reply is paged by Offset and Limit. */
  | { readonly by: "page"; readonly list: string; readonly total: string; readonly narrow?: readonly string[] }
  /** Offset and Limit count the rows of all groups together, in an order that the reply does not show. */
  | { readonly by: "groups"; readonly list: string; readonly rows: string; readonly total: string }
  /** Each product and region has a list of its own, and Offset and Limit count in each. */
  | { readonly by: "product and region"; readonly rows: string; readonly total: string };

/** What is known about the reply of an operation besides the types of its members. */
export interface ReplyFacts {
  readonly meanings?: Readonly<Record<MemberPath, CodeMeanings>>;
  /** Absent where the reply is short, or where all of it is what people ask for. */
  readonly summary?: Summary;
  readonly paging?: Paging;
}
