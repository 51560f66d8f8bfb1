import { expiryReview } from "./expiry-review.js";
import { issueFreeCertificate } from "./issue-free-certificate.js";
import { migrateToAnotherCloud } from "./migrate-to-another-cloud.js";
import type { Prompt } from "./prompt.js";
import { replaceLeakedKey } from "./replace-leaked-key.js";
import { rotateCertificate } from "./rotate-certificate.js";

/** The prompts, in listing order. */
export const prompts: readonly Prompt[] = [
  rotateCertificate,
  expiryReview,
  issueFreeCertificate,
  replaceLeakedKey,
  migrateToAnotherCloud,
];
