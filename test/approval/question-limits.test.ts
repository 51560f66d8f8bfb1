import { describe, expect, it } from "vitest";
import { QuestionLimits, questionLimits } from "../../src/approval/question-limits.js";

const minute = 60_000;

class Person {
  now = 0;
  readonly limits = new QuestionLimits(() => this.now);

  /** The limit that was reached, or "asked". */
  asks(thing: string, open: readonly number[] = []): string {
    return this.limits.admit(thing, open)?.limit ?? "asked";
  }
}

describe("questions", () => {
  it("are so many at the same time, and say when the first of them ends", () => {
    const { limits } = new Person();
    const open = Array.from({ length: questionLimits.open }, (_, index) => 1_000 * (index + 1));
    expect(limits.admit("a", open.slice(1))).toBeUndefined();
    expect(limits.admit("b", open)).toEqual({ limit: "open", wait: 1_000 });
  });

  it("are so many a minute, and so many a day", () => {
    const person = new Person();
    let asked = 0;
    for (let second = 0; second < 24 * 60 * 60; second += 1) {
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
    for (let index = 0; index < questionLimits.noesInARow; index++) {
      expect(person.asks(`a${index}`)).toBe("asked");
      person.limits.decided(`a${index}`, index % 2 === 0 ? "declined" : "dismissed");
    }
    for (let pause: number = questionLimits.noesPause.first; pause < questionLimits.noesPause.longest; pause *= 2) {
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
    person.now += questionLimits.noesPause.first;
    expect(person.asks("b")).toBe("asked");
  });
});
