import { describe, expect, it } from "vitest";
import { ApprovalStore } from "../../src/approval/approval-store.js";
import { QuestionLimits, questionLimits } from "../../src/approval/question-limits.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { Redactor } from "../../src/secrets/redaction/redactor.js";

const minute = 60_000;
const { signal } = new AbortController();
const silent = { progress: () => {}, signal, sending: signal };

class Person {
  now = 0;
  readonly limits = new QuestionLimits(() => this.now);

  /** The limit that was reached, or "asked". */
  asks(thing: string): string {
    return this.limits.admit(thing)?.limit ?? "asked";
  }
}

describe("questions", () => {
  it("are so many at the same time, and say when the first of them ends", () => {
    const { limits } = new Person();
    const open = new Set<number>();
    for (let index = 1; index <= questionLimits.open; index += 1) {
      expect(limits.admit(`a${index}`)).toBeUndefined();
      open.add(index);
      limits.count({ isOpen: () => open.has(index), timeLeft: () => 1_000 * index });
    }
    expect(limits.admit("b")).toEqual({ limit: "open", wait: 1_000 });
    open.delete(1);
    expect(limits.admit("b")).toBeUndefined();
  });

  it("of several accounts count together", () => {
    const clocks = { now: () => new Date(0), elapsed: () => 0 };
    const limits = new QuestionLimits(clocks.elapsed);
    const stores = ["shop", "blog", "news"].map(
      (account) => [account, new ApprovalStore(clocks, undefined, undefined, limits)] as const,
    );
    const asked = Array.from({ length: questionLimits.open }, (_, index) => index).flatMap((index) =>
      stores.map(([account, store]) => {
        const params = { CertificateId: "AAAAAAAA", Alias: `a${index}` };
        const binding = store.bind({ operation: modifyCertificateAlias, params, account, redactor: new Redactor() });
        const limit = store.admit(binding)?.limit ?? "asked";
        if (limit === "asked") store.reserve(binding, false, { caller: silent });
        return limit;
      }),
    );
    expect(asked.filter((each) => each === "asked")).toHaveLength(questionLimits.open);
    expect(asked.filter((each) => each === "open")).toHaveLength(2 * questionLimits.open);
  });

  it("are so many a minute, and so many a day", () => {
    const person = new Person();
    let asked = 0;
    // The day's limit is reached within the first minutes.
    const minutes = questionLimits.perDay / questionLimits.perMinute + 1;
    const inTens = Array.from({ length: minutes * 6 }, (_, index) => index * 10);
    const thenInHours = Array.from({ length: 23 }, (_, index) => (index + 1) * 60 * 60);
    for (const second of [...inTens, ...thenInHours, 24 * 60 * 60 - 1]) {
      person.now = second * 1_000;
      while (person.asks(`thing ${asked}`) === "asked") asked += 1;
      const most = Math.min(questionLimits.perDay, questionLimits.perMinute * (Math.floor(second / 60) + 1));
      expect(asked).toBe(most);
    }
    person.now = 24 * 60 * minute;
    expect(person.asks("a new day")).toBe("asked");
  });

  it("that reached nobody do not count", () => {
    const person = new Person();
    for (let index = 0; index < 100; index++) {
      expect(person.asks("a")).toBe("asked");
      person.limits.withdraw();
    }
  });
});

describe("after a no", () => {
  it("the same thing rests, twice as long each time, and others do not", () => {
    const person = new Person();
    for (
      let pause: number = questionLimits.declinedPause.first;
      pause < questionLimits.declinedPause.longest;
      pause *= 2
    ) {
      expect(person.asks("a")).toBe("asked");
      person.limits.decided("a", "declined");
      person.limits.decided("b", "approved");
      person.now += pause - 1;
      expect([person.asks("a"), person.asks("b")]).toEqual(["declined", "asked"]);
      person.now += 1;
    }
  });

  it("and several more, everything rests, longer each time, until an approval", () => {
    const person = new Person();
    for (let index = 0; index < questionLimits.declinesInARow; index++) {
      expect(person.asks(`a${index}`)).toBe("asked");
      person.limits.decided(`a${index}`, index % 2 === 0 ? "declined" : "dismissed");
    }
    for (
      let pause: number = questionLimits.declinesPause.first;
      pause < questionLimits.declinesPause.longest;
      pause *= 2
    ) {
      person.now += pause - 1;
      expect(person.asks("b")).toBe("noes");
      person.now += 1;
      expect(person.asks("b")).toBe("asked");
      person.limits.decided(`b${pause}`, "wrong name");
    }
    person.limits.decided("an open one", "approved");
    expect(person.asks("c")).toBe("asked");
  });

  it("to all that were open together, the pause is the first and no longer", () => {
    const person = new Person();
    for (let index = 0; index < questionLimits.open; index++) person.limits.decided(`a${index}`, "declined");
    person.now += questionLimits.declinesPause.first;
    expect(person.asks("b")).toBe("asked");
  });
});
