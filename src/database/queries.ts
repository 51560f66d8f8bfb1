import type { z } from "zod";

/** Statements on one connection, or on whichever is free. All fail with a `DatabaseError`. */
export interface Queries {
  /** The rows that a statement returns. `bigint` columns come as text: parse them with `z.coerce.number()`. */
  rows<Row>(row: z.ZodType<Row, z.ZodTypeDef, unknown>, text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** How many rows a statement changed. */
  run(text: string, values?: readonly unknown[]): Promise<number>;
}
