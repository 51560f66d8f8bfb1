import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Caller } from "../../../src/approval/channel.js";
import { hasScreen, openInBrowser } from "../../../src/approval/page/browser.js";
import { PageChannel } from "../../../src/approval/page/channel.js";
import { requestAt, send, submit, trafficPlan } from "./support.js";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** A channel without a real browser, and what it told whom. */
function channelWith({ opens = true }: { readonly opens?: boolean } = {}) {
  const opened: string[] = [];
  const lines: string[] = [];
  const channel = new PageChannel({
    open: async (url) => {
      opened.push(url);
      return opens;
    },
    announce: (line) => lines.push(line),
  });
  return { channel, opened, lines };
}

function callerWith(offerLink?: NonNullable<Caller["offerLink"]>) {
  const progress = vi.fn<Caller["progress"]>();
  const caller: Caller = {
    progress,
    signal: new AbortController().signal,
    sending: new AbortController().signal,
    ...(offerLink && { offerLink }),
  };
  return { caller, progress };
}

describe("the page as a channel", () => {
  it("hands the link to the browser, the client's interface and stderr, and to nobody else", async () => {
    const { channel, opened, lines } = channelWith();
    const offerLink = vi.fn<NonNullable<Caller["offerLink"]>>().mockResolvedValue(true);
    const { caller, progress } = callerWith(offerLink);
    const { request } = requestAt();
    expect(await channel.present(request, caller)).toBe(true);
    const [link = ""] = opened;
    expect(offerLink).toHaveBeenCalledExactlyOnceWith(link, trafficPlan.question);
    expect(lines).toEqual([`ModifyHostsCertificate waits for approval: ${link}`]);
    expect(progress).not.toHaveBeenCalled();
    expect(request.open).toBe(true);
    await submit(link, { decision: "approve" });
    expect([request.verdict, request.ending?.channel]).toEqual(["approved", "page"]);
    await channel.close();
  });

  it("says on stderr when no browser could be opened, and waits all the same", async () => {
    const { channel, lines } = channelWith({ opens: false });
    expect(await channel.present(requestAt().request, callerWith().caller)).toBe(true);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain("No browser could be opened");
    await channel.close();
  });

  it.each<[string, () => Promise<boolean>]>([
    ["fails", () => Promise.reject(new Error("not supported"))],
    ["is not answered", () => new Promise(() => {})],
    ["is not possible", () => Promise.resolve(false)],
  ])("does not depend on an offer that %s", async (_, offerLink) => {
    const { channel, opened } = channelWith();
    expect(await channel.present(requestAt().request, callerWith(offerLink).caller)).toBe(true);
    expect((await send(opened[0] ?? "")).status).toBe(200);
    await channel.close();
  });

  it.each<[string, boolean, () => Promise<boolean>]>([
    ["has been taken", true, () => Promise.resolve(true)],
    ["is not answered", true, () => new Promise(() => {})],
    ["is refused", false, () => Promise.resolve(false)],
    ["fails", false, () => Promise.reject(new Error("not supported"))],
  ])("counts as seen without a browser where an offer %s: %s", async (_, seen, offerLink) => {
    const { channel } = channelWith({ opens: false });
    const { request } = requestAt();
    await channel.present(request, callerWith(offerLink).caller);
    expect(request.shown).toBe(seen);
    await channel.close();
  });

  it("passes on to the next channel when it cannot listen, and tries again the next time", async () => {
    vi.spyOn(Server.prototype, "listen").mockImplementationOnce(function (this: Server) {
      process.nextTick(() => this.emit("error", new Error("no loopback")));
      return this;
    });
    const { channel, opened, lines } = channelWith();
    expect(await channel.present(requestAt().request, callerWith().caller)).toBe(false);
    expect(lines).toEqual(["The approval page cannot be started: no loopback"]);
    expect(opened).toEqual([]);
    expect(await channel.present(requestAt().request, callerWith().caller)).toBe(true);
    await channel.close();
  });
});

describe("where a browser can be opened", () => {
  it.each<[NodeJS.Platform, Record<string, string>, boolean]>([
    ["linux", {}, false],
    ["linux", { DISPLAY: "" }, false],
    ["linux", { DISPLAY: ":0" }, true],
    ["linux", { WAYLAND_DISPLAY: "wayland-0" }, true],
    ["linux", { WSL_DISTRO_NAME: "Debian" }, true],
    ["linux", { BROWSER: "/usr/lib/code/browser.sh" }, true],
    ["linux", { DISPLAY: ":0", CI: "true" }, false],
    ["darwin", {}, true],
    ["darwin", { CI: "1" }, false],
    ["win32", {}, true],
  ])("on %s with %j: %s", (platform, env, expected) => expect(hasScreen(platform, env)).toBe(expected));
});

describe.runIf(process.platform === "linux")("opening a browser", () => {
  const url = "http://127.0.0.1:1/approve/token";

  /** Makes `script` the only browser of this machine. */
  function onlyBrowser(script: string): void {
    const session = ["XDG_CURRENT_DESKTOP", "DESKTOP_SESSION", "KDE_FULL_SESSION", "GNOME_DESKTOP_SESSION_ID"];
    for (const name of ["CI", "DISPLAY", "WAYLAND_DISPLAY", ...session]) vi.stubEnv(name, "");
    vi.stubEnv("BROWSER", script);
  }

  it("hands the link to it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "browser-"));
    const script = join(folder, "browser.sh");
    writeFileSync(script, `#!/bin/sh\nprintf %s "$1" > ${join(folder, "opened")}\n`, { mode: 0o700 });
    onlyBrowser(script);
    expect(await openInBrowser(url)).toBe(true);
    expect(readFileSync(join(folder, "opened"), "utf8")).toBe(url);
    rmSync(folder, { recursive: true });
  });

  it("notices that it fails", async () => {
    onlyBrowser("/bin/false");
    expect(await openInBrowser(url)).toBe(false);
  });

  it("does not try where nobody would see it", async () => {
    onlyBrowser("");
    expect(await openInBrowser(url)).toBe(false);
  });
});
