import { catalogueTexts } from "./catalogue.js";
import { channelTexts } from "./channels.js";
import { doctorTexts } from "./doctor.js";
import { evidenceTexts } from "./evidence.js";
import { formatTexts } from "./formats.js";
import { jobTexts } from "./jobs.js";
import { notificationTexts } from "./notifications.js";
import { obstacleTexts } from "./obstacles.js";
import { planTexts } from "./plans.js";
import { findingTexts } from "./preflight.js";
import { revocationTexts } from "./revocation.js";
import { standingApprovalTexts } from "./standing-approvals.js";
import { teamTexts } from "./team.js";
import { titles } from "./titles.js";
import { unattendedTexts } from "./unattended.js";

/**
 * Simplified Chinese for the texts that a person reads, by the English template that stands in the source: "Delete
 * certificate {0} for good?". Where a template is written anew, so is its entry; a test holds the two together.
 */
export const translations = [
  titles,
  catalogueTexts,
  planTexts,
  jobTexts,
  formatTexts,
  findingTexts,
  channelTexts,
  obstacleTexts,
  revocationTexts,
  standingApprovalTexts,
  unattendedTexts,
  evidenceTexts,
  doctorTexts,
  notificationTexts,
  teamTexts,
];

export const chinese: ReadonlyMap<string, string> = new Map(translations.flatMap((texts) => Object.entries(texts)));
