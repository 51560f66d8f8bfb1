import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SandboxClock } from "../../../src/sandbox/clock.js";
import { History } from "../../../src/sandbox/edge/history.js";
import { edgeAddresses, propagationStep } from "../../../src/sandbox/tencent-ssl/timing.js";

const pairsOf = (name: string) => (name === "" ? [] : [{ certificatePem: name, privateKeyPem: `key of ${name}` }]);
const places = Array.from({ length: edgeAddresses }, (_, place) => place);

describe("the history of a domain", () => {
  it("gives each address what was told a step, two steps, three steps ago", () => {
    const told = fc.record({ after: fc.integer({ min: 0, max: 90_000 }), name: fc.constantFrom("", "a", "b", "c") });
    fc.assert(
      fc.property(fc.array(told, { maxLength: 40 }), fc.integer({ min: 0, max: 90_000 }), (changes, wait) => {
        const time = { now: 0 };
        const clock = new SandboxClock(() => time.now);
        const history = new History();
        const log: { readonly at: number; readonly name: string }[] = [];
        for (const { after, name } of changes) {
          time.now += after;
          history.record(pairsOf(name), clock.now(), propagationStep, clock);
          log.push({ at: time.now, name });
        }
        time.now += wait;
        const expected = places.map((place) => {
          const then = time.now - (place + 1) * propagationStep;
          return pairsOf(log.findLast(({ at }) => at <= then)?.name ?? "");
        });
        expect(places.map((place) => history.servedAt(place, clock))).toEqual(expected);
      }),
    );
  });

  it("forgets the oldest of very many changes, and still ends with the last", () => {
    const time = { now: 0 };
    const clock = new SandboxClock(() => time.now);
    const history = new History();
    for (let count = 0; count < 1000; count++)
      history.record(pairsOf(`certificate ${count}`), clock.now(), propagationStep, clock);
    expect(JSON.stringify(places.map((place) => history.servedAt(place, clock)))).toBe("[[],[],[]]");
    time.now += edgeAddresses * propagationStep;
    expect(places.map((place) => history.servedAt(place, clock))).toEqual(places.map(() => pairsOf("certificate 999")));
  });
});
