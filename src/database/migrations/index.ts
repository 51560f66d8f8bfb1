import { audit } from "./001-audit.js";
import { rates } from "./040-rates.js";
import type { Migration } from "./migration.js";

/** In order. */
export const migrations: readonly Migration[] = [audit, rates];
