import { describe, expect, it } from "vitest";
import { services } from "../../src/catalogue/services.js";
import { chinese } from "../../src/chinese/index.js";
import { reportDocument } from "../../src/view/documents.js";
import { inventoryIn } from "../../src/view/inventory-view.js";
import { jobUnderWay, jobViewIn, plannedJobView } from "../../src/view/job-view.js";
import { viewScript } from "../../src/view/script.js";
import { viewInChinese, viewInEnglish } from "../../src/view/texts.js";
import { inventory, job } from "./samples.js";

describe("the view's texts", () => {
  it("name every service as the rest of the program does", () => {
    expect(viewInEnglish.services).toEqual(Object.fromEntries(services.map(({ id, title }) => [id, title])));
    expect(viewInChinese.services).toEqual(
      Object.fromEntries(services.map(({ id, title }) => [id, chinese.get(title)])),
    );
  });

  it("are Chinese in Chinese", () => {
    const told = Object.entries(viewInChinese).filter(([name, text]) => typeof text === "string" && name !== "lang");
    expect(told.filter(([, text]) => !/\p{Script=Han}/u.test(String(text)))).toEqual([]);
  });
});

describe("the view's reading of replies", () => {
  it.each([undefined, null, 7, "text", [], {}, { certificates: "none" }, { targets: {} }])(
    "knows that %j is none",
    (reply) => {
      expect([inventoryIn(reply), jobViewIn(reply)]).toEqual([undefined, undefined]);
    },
  );

  it("never shows a key that a call was given", () => {
    const given = {
      certificate: "-----BEGIN CERTIFICATE-----",
      private_key: "-----BEGIN PRIVATE KEY-----",
      targets: [],
    };
    expect(JSON.stringify(plannedJobView("deploy_certificate", given))).not.toContain("BEGIN");
  });

  it("follows the job of its own call alone", () => {
    const jobs = [
      {
        ...job,
        job: "other",
        working: true,
        targets: [{ target: "EdgeOne host shop.example.com", state: "accepted" }],
      },
      { ...job, job: "undone", kind: "rollback", working: true },
      { ...job, job: "ended" },
      { ...job, job: "mine", working: true },
    ];
    const planned = plannedJobView("deploy_certificate", { targets: [{ domains: ["img.example.com"] }] });
    expect(jobUnderWay({ jobs }, planned, undefined)?.job).toBe("mine");
    expect(jobUnderWay({ jobs }, planned, "ended")).toMatchObject({ job: "ended" });
    expect(jobUnderWay({ jobs: jobs.slice(0, 3) }, planned, undefined)).toBeUndefined();
  });
});

describe("the documents", () => {
  it("hold a script that has nothing to load, to send or to write HTML with", () => {
    expect(viewScript).not.toMatch(
      /\bfetch\b|XMLHttpRequest|WebSocket|innerHTML|insertAdjacentHTML|\beval\b|import\(|localStorage/,
    );
    expect(viewScript).not.toContain("</script");
  });

  it("show a page that nobody has looked at the edges for without a column for that", () => {
    const domains = inventory.domains.map(({ edge: _, drift: __, ...row }) => row);
    const html = reportDocument({ ...inventory, domains }, "en", new Date(0));
    expect(html).not.toContain("Edge serves");
    expect(reportDocument(inventory, "en", new Date(0))).toContain("Edge serves");
  });
});
