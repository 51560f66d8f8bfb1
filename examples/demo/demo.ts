import { declineToDelete, listJobs, readAuditLog, searchForKeys } from "./afterwards.js";
import { buyWildcard } from "./buy.js";
import { deployEverywhere } from "./deploy.js";
import { connect, findWhatExpires } from "./find.js";
import { checkOutside, type Expected } from "./served.js";
import { sites } from "./sites.js";
import { openStage, type Stage } from "./stage.js";
import { takeBack } from "./take-back.js";
import { heading, verdict } from "./telling.js";
import { waitUntilServed, watchItSpread } from "./watch.js";

/**
 * A certificate renewal by an assistant and a person: the real server in a child process, over stdio, on the sandbox.
 * Exits with code 0 only if the clouds, and their edge as seen by openssl, end up as the story says.
 */
async function story(stage: Stage): Promise<void> {
  await connect(stage);
  const before = await findWhatExpires(stage);
  const bought = await buyWildcard(stage);
  const deployment = await deployEverywhere(bought, before, stage);
  await watchItSpread(bought, stage);
  await waitUntilServed(deployment, stage);
  heading("The same from outside, by openssl s_client");
  await checkOutside(new Map(sites.map((site): [string, Expected] => [site, bought.fingerprint])), stage);
  const rollback = await takeBack(deployment, stage);
  await waitUntilServed(rollback, stage);
  heading("From outside everything is as it was");
  await checkOutside(before.served, stage);
  await declineToDelete(before, stage);
  await listJobs(stage);
  readAuditLog(stage);
  searchForKeys(stage);
}

const began = Date.now();
const stage = await openStage();
try {
  await story(stage);
  verdict(`Everything is as told, in ${Math.round((Date.now() - began) / 1000)} s.`);
} catch (error) {
  verdict(`The story broke: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await stage.close();
}
