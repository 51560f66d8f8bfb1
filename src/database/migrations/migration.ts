/** A step from one form of the tables to the next. Once released it is never changed: a correction is another step. */
export interface Migration {
  /** Its place in the order, and what the database remembers of it. */
  readonly number: number;
  readonly name: string;
  /** All objects are in the schema `cloudcert`. */
  readonly sql: string;
}
