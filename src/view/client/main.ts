import { languageAccepted } from "../../lib/language.js";
import { type Branch, element } from "../html-tree.js";
import { inventoryPage } from "../inventory-page.js";
import { inventoryIn } from "../inventory-view.js";
import { jobPage } from "../job-page.js";
import { isMoving, type JobView, jobUnderWay, jobViewIn, plannedJobView } from "../job-view.js";
import { type ViewTexts, viewTextsIn } from "../texts.js";
import { membersIn, type ReplyMembers, rowsIn, sentencesIn, textIn } from "../values.js";
import { show } from "./dom.js";
import { ViewHost } from "./host.js";

/** Milliseconds between two polls of a running job. */
const POLL_INTERVAL = 1_500;
/** How many polls without news end the polling: ten minutes. Nobody works on the job then; a person may take five. */
const POLLS_WITHOUT_NEWS = 400;

let context: ReplyMembers = {};
let toolInput: unknown;
let result: ReplyMembers | undefined;
let jobView: JobView | undefined;
let cancelled = false;
let ended = false;
let canCallTools = false;

const currentTexts = () => viewTextsIn[languageAccepted(textIn(context.locale) ?? navigator.language)];

const toolName = () => textIn(membersIn(membersIn(context.toolInfo).tool).name);

/** Jobs have targets, or say so by their tool's name where the host tells it. */
const isJob = () => {
  const name = toolName();
  if (name !== undefined) return name === "deploy_certificate" || name === "roll_back";
  const { certificate_id: id, certificate, targets, covered, job } = membersIn(toolInput);
  return targets !== undefined || covered !== undefined || job !== undefined || (id ?? certificate) !== undefined;
};

function page(): Branch {
  const texts = currentTexts();
  if (result !== undefined) {
    const { structuredContent } = result;
    const finished = jobView ?? jobViewIn(structuredContent);
    if (finished !== undefined) return jobPage(finished, texts, isFollowed() ? texts.live : undefined);
    const inventory = inventoryIn(structuredContent);
    return inventory === undefined ? otherReply(result, texts) : inventoryPage(inventory, texts);
  }
  if (cancelled) return messagePage(texts.cancelled, []);
  if (toolInput === undefined || !isJob()) return messagePage(texts.reading, []);
  const shown = jobView ?? plannedJobView(toolName(), toolInput);
  return jobPage(
    shown,
    texts,
    `${jobView === undefined ? `${texts.planning} ` : ""}${canCallTools ? texts.live : texts.notLive}`,
  );
}

/** A page with a title and sentences. */
function messagePage(title: string, sentences: readonly string[], className = "card"): Branch {
  return element(
    "main",
    {},
    element(
      "section",
      { class: className, role: "status" },
      element("h1", {}, title),
      sentences.map((sentence) => element("p", { dir: "auto" }, sentence)),
    ),
  );
}

/** A reply that is neither an inventory nor a job: a failure, a call that goes on, or something that is only text. */
function otherReply(result: unknown, labels: ViewTexts): Branch {
  const { isError, structuredContent, content } = membersIn(result);
  const structure = membersIn(structuredContent);
  const facts = membersIn(structure.error ?? structure);
  const next = textIn(facts.next);
  const sentences = sentencesIn([
    facts.happened,
    next === undefined ? undefined : labels.labelled(labels.next_step, next),
  ]);
  if (isError === true) {
    const text = sentencesIn(rowsIn(content).map((part) => part.text));
    return messagePage(labels.failed, sentences.length > 0 ? sentences : text, "card failed");
  }
  return sentences.length > 0 ? messagePage(labels.waiting, sentences) : messagePage(labels.textOnly, []);
}

function draw(): void {
  const texts = currentTexts();
  document.documentElement.lang = texts.lang;
  document.title = `${texts.inventory} · cloudcert-mcp`;
  show(document.body, page());
}

/** The jobs that are read while a call runs, or while what it started is still on its way. */
const isFollowed = () =>
  canCallTools && !ended && !cancelled && (result === undefined ? toolInput !== undefined && isJob() : isOnItsWay());

const isOnItsWay = () => jobView?.job !== undefined && isMoving(jobView);

let isPolling = false;

/** Follows a job by reading list_jobs through the host. A host that refuses leaves the picture as it is. */
async function follow(): Promise<void> {
  if (isPolling) return;
  isPolling = true;
  let before = "";
  for (let idle = 0; isFollowed() && idle < POLLS_WITHOUT_NEWS; idle += 1) {
    const started = plannedJobView(toolName(), toolInput);
    const job = result === undefined ? undefined : jobView?.job;
    try {
      const reply = await host.request("tools/call", {
        name: "list_jobs",
        arguments: job === undefined ? {} : { job },
      });
      const seen = reply.isError === true ? undefined : jobUnderWay(reply.structuredContent, started, job);
      if (seen !== undefined && isFollowed()) {
        const news = JSON.stringify(seen);
        if (news !== before) idle = 0;
        before = news;
        // The outcome says what to do next; a list of jobs does not.
        jobView = { ...seen, next: isMoving(seen) ? jobView?.next : undefined, notes: jobView?.notes ?? [] };
      }
    } catch {
      canCallTools = false;
    }
    draw();
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL));
  }
  isPolling = false;
  draw();
}

function apply(changes: ReplyMembers): void {
  context = { ...context, ...changes };
  const theme = textIn(context.theme);
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  // Of the host's colours only some might be given, and the rest would not go with them.
  const font = textIn(membersIn(membersIn(context.styles).variables)["--font-sans"]);
  if (font !== undefined) document.documentElement.style.setProperty("--font-sans", font);
  draw();
}

const host = new ViewHost(
  {
    "ui/notifications/tool-input": (params) => {
      toolInput = membersIn(params.arguments);
      draw();
      void follow();
    },
    "ui/notifications/tool-result": (params) => {
      result = params;
      jobView = jobViewIn(params.structuredContent);
      draw();
      void follow();
    },
    "ui/notifications/tool-cancelled": () => {
      cancelled = true;
      draw();
    },
    "ui/notifications/host-context-changed": apply,
  },
  () => {
    ended = true;
  },
);

async function start(): Promise<void> {
  const answer = await host.request("ui/initialize", {
    protocolVersion: "2026-01-26",
    appInfo: { name: "cloudcert-mcp", version: "1" },
    appCapabilities: { availableDisplayModes: ["inline", "fullscreen"] },
  });
  canCallTools = membersIn(answer.hostCapabilities).serverTools !== undefined;
  apply(membersIn(answer.hostContext));
  host.notify("ui/notifications/initialized", {});
  const root = document.documentElement;
  let reportedSize = "";
  new ResizeObserver(() => {
    const size = {
      width: Math.ceil(root.scrollWidth),
      height: Math.ceil(document.body.getBoundingClientRect().height),
    };
    if (JSON.stringify(size) === reportedSize) return;
    reportedSize = JSON.stringify(size);
    host.notify("ui/notifications/size-changed", size);
  }).observe(document.body);
}

draw();
void start();
