import { z } from "zod";

/** Statements on one connection, or on whichever is free. All fail with a `DatabaseError`. */
export interface Queries {
  /** The rows that a statement returns. `bigint` columns come as text: parse them with `z.coerce.number()`. */
  rows<Row>(row: z.ZodType<Row, z.ZodTypeDef, unknown>, text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** How many rows a statement changed. */
  run(text: string, values?: readonly unknown[]): Promise<number>;
}

/** The time of the database, in milliseconds, as times are signed. */
export async function nowIn(queries: Queries): Promise<Date> {
  const [row] = await queries.rows(
    z.object({ now: z.date() }),
    "SELECT date_trunc('milliseconds', clock_timestamp()) AS now",
  );
  if (row === undefined) throw new Error("the database does not tell the time");
  return row.now;
}
