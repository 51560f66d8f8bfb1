import { setTimeout } from "node:timers/promises";

/** No person answers faster than this; whatever does is not taken for one. In milliseconds. */
const READING_TIME = 320;

/** Reads the question in the client's form and says yes. */
export async function approveInForm() {
  await setTimeout(READING_TIME);
  return { action: "accept", content: { approve: true } };
}

/** Opens the approval page behind the link, as a browser would, and says yes. */
export async function approveOnPage(link, typed = "") {
  const page = await (await fetch(link)).text();
  const [, csrfToken = ""] = /name="csrfToken" value="([^"]+)"/.exec(page) ?? [];
  const answer = await fetch(link, {
    method: "POST",
    body: new URLSearchParams({ csrfToken, decision: "approve", typed }),
  });
  if (!answer.ok) throw new Error(`the approval page answers ${answer.status}`);
}
