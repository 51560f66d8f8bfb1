import type { OwnTool } from "../own-tool.js";
import { deployCertificate } from "./deploy-certificate.js";
import { explainError } from "./explain-error.js";
import { findCertificates } from "./find-certificates.js";
import { inspectCertificate } from "./inspect-certificate.js";
import { listVault } from "./list-vault.js";
import { saveToFile } from "./save-to-file.js";
import { waitFor } from "./wait-for.js";

/** The tools that are not documented operations, in the order in which they are offered. */
export const ownTools: readonly OwnTool[] = [
  findCertificates,
  deployCertificate,
  waitFor,
  explainError,
  inspectCertificate,
  listVault,
  saveToFile,
];
