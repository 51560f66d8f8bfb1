import { audit } from "./001-audit.js";
import { questions } from "./010-questions.js";
import type { Migration } from "./migration.js";

/** In order. */
export const migrations: readonly Migration[] = [audit, questions];
