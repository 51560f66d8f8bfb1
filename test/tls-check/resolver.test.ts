import { createSocket } from "node:dgram";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { machineResolver } from "../../src/tls-check/resolver.js";

/** A DNS server: it knows `known.example`, says nothing to `silent…`, fails at `fail…`, and knows no other name. */
const server = createSocket("udp4");
let servers: readonly string[];
beforeAll(async () => {
  server.on("message", (question, { address, port }) => {
    const name = nameIn(question);
    if (name.startsWith("silent")) return;
    const answer = answerTo(question, name === "known.example");
    if (name.startsWith("fail")) answer.writeUInt16BE(0x8182, 2);
    server.send(answer, port, address);
  });
  await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
  servers = [`127.0.0.1:${server.address().port}`];
});
afterAll(() => server.close());

function nameIn(question: Buffer): string {
  const labels: string[] = [];
  for (let at = 12; (question[at] ?? 0) > 0; at += 1 + (question[at] ?? 0))
    labels.push(question.toString("latin1", at + 1, at + 1 + (question[at] ?? 0)));
  return labels.join(".");
}

function answerTo(question: Buffer, known: boolean): Buffer {
  const end = question.indexOf(0, 12) + 5;
  const wantsV4 = question.readUInt16BE(end - 4) === 1;
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt16BE(known ? 0x8180 : 0x8183, 2);
  header.writeUInt16BE(known && wantsV4 ? 1 : 0, 6);
  header.writeUInt32BE(0, 8);
  // The name of the question, A, IN, a minute, four bytes.
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 203, 0, 113, 7]);
  return Buffer.concat([header, question.subarray(12, end), ...(known && wantsV4 ? [record] : [])]);
}

/** The system's look-up: how many of it ran at once, and what ends those that hang. */
function system(addressesOf: (host: string) => readonly string[] | Promise<readonly string[]>) {
  const asked: string[] = [];
  let running = 0;
  let most = 0;
  const lookup = async (host: string) => {
    asked.push(host);
    running += 1;
    most = Math.max(most, running);
    try {
      return await addressesOf(host);
    } finally {
      running -= 1;
    }
  };
  return { asked, lookup, most: () => most };
}

const timeout = 300;
/** Of somebody who waits for the answer. */
const waiting = () => new AbortController().signal;

describe("a name", () => {
  it("that DNS knows is not asked of the system", async () => {
    const { asked, lookup } = system(() => []);
    const resolve = machineResolver({ servers, lookup, timeout });
    expect(await resolve("known.example", waiting())).toEqual(["203.0.113.7"]);
    expect(asked).toEqual([]);
  });

  it("is found with the default settings", async () => {
    expect(await machineResolver({ servers })("known.example", waiting())).toEqual(["203.0.113.7"]);
  });

  it.each([1, 100, 1_001])("is asked of the system where DNS has %i ms to answer and does not", async (short) => {
    const { lookup } = system(() => ["127.0.0.1"]);
    const resolve = machineResolver({ servers, lookup, timeout: short });
    expect(await resolve("silent.example", waiting())).toEqual(["127.0.0.1"]);
  });

  it("that DNS does not know is asked of the system, which has a hosts file", async () => {
    const { lookup } = system(() => ["127.0.0.1"]);
    expect(await machineResolver({ servers, lookup, timeout })("hosts-only.example", waiting())).toEqual(["127.0.0.1"]);
  });

  it("is asked of the system where DNS answers nothing at all", async () => {
    const { lookup } = system(() => ["127.0.0.1"]);
    expect(await machineResolver({ servers, lookup, timeout })("silent.example", waiting())).toEqual(["127.0.0.1"]);
  });

  it("at which DNS fails is asked of the system, whatever DNS answered before", async () => {
    const { lookup } = system(() => ["10.0.0.8"]);
    const resolve = machineResolver({ servers, lookup, timeout });
    await resolve("known.example", waiting());
    expect(await resolve("fail.corp", waiting())).toEqual(["10.0.0.8"]);
  });

  it("is asked of the system in time, however many servers are silent", async () => {
    const { lookup } = system(() => ["127.0.0.1"]);
    const several = Array.from({ length: 20 }, (_, index) => `127.0.0.${index + 1}:${server.address().port}`);
    const resolve = machineResolver({ servers: several, lookup, timeout });
    expect(await resolve("silent.example", waiting())).toEqual(["127.0.0.1"]);
  });

  it("whose servers never answer is not asked of the system once DNS answered anything", async () => {
    const { asked, lookup } = system(() => []);
    const resolve = machineResolver({ servers, lookup, timeout });
    await resolve("known.example", waiting());
    const silent = Array.from({ length: 20 }, (_, index) => resolve(`silent-${index}.example`, waiting()));
    const outcomes = await Promise.allSettled(silent);
    expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
    await expect(silent[0]).rejects.toMatchObject({ code: expect.stringMatching(/^(?:ETIMEOUT|ECANCELLED)$/) });
    expect(asked).toEqual([]);
  });
});

describe("look-ups of the system that hang", () => {
  it("are one at a time, and names that DNS knows do not wait for them", async () => {
    const { most, lookup, asked } = system(() => new Promise(() => {}));
    const resolve = machineResolver({ servers, lookup, timeout });
    const hanging = Array.from({ length: 20 }, (_, index) => resolve(`nowhere-${index}.example`, waiting()));
    expect(await resolve("known.example", waiting())).toEqual(["203.0.113.7"]);
    await expect.poll(() => asked).toHaveLength(1);
    expect(most()).toBe(1);
    void Promise.allSettled(hanging);
  });

  it("are not begun for those who gave up waiting", async () => {
    let answer: (addresses: readonly string[]) => void = () => {};
    const first = new Promise<readonly string[]>((resolve) => {
      answer = resolve;
    });
    const { lookup, asked } = system((host) => (host === "first.example" ? first : ["127.0.0.1"]));
    const resolve = machineResolver({ servers, lookup, timeout });
    const one = resolve("first.example", waiting());
    await expect.poll(() => asked).toEqual(["first.example"]);
    const impatient = new AbortController();
    const two = resolve("second.example", impatient.signal);
    const three = resolve("third.example", waiting());
    impatient.abort();
    answer(["127.0.0.1"]);
    await expect(two).rejects.toThrow();
    await Promise.all([one, three]);
    expect(asked).toEqual(["first.example", "third.example"]);
  });
});
