import { fastify } from "fastify";
import { describe, expect, it } from "vitest";
import { serveHealth } from "../../src/http/health.js";

describe("whether a server is ready", () => {
  it("is looked at once, however many ask, and only the log says why it is not", async () => {
    const lines: string[] = [];
    const app = fastify({ logger: { stream: { write: (line: string) => void lines.push(line) } } });
    let looks = 0;
    serveHealth(app, new AbortController().signal, {
      database: async () => {
        looks += 1;
        throw new Error("The database is read-only (25006).");
      },
      "state key": async () => {},
    });
    const replies = await Promise.all(Array.from({ length: 50 }, () => app.inject("/readyz")));
    expect(looks).toBe(1);
    for (const { statusCode, body } of replies)
      expect([statusCode, body]).toEqual([503, '{"status":"not ready","missing":["database"]}']);
    expect(lines.filter((line) => line.includes("not ready"))).toHaveLength(1);
    expect(lines.join("")).toContain('"missing":{"database":"The database is read-only (25006)."}');
    await app.close();
  });

  it("is not, if it begins to end while that is looked at", async () => {
    const app = fastify();
    const ending = new AbortController();
    serveHealth(app, ending.signal, { database: async () => ending.abort() });
    const { statusCode, body } = await app.inject("/readyz");
    expect([statusCode, body]).toEqual([503, '{"status":"ending"}']);
    await app.close();
  });
});
