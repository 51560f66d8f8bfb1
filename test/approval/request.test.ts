import { expect, it } from "vitest";
import { requestAt, trafficPlan } from "./page/support.js";

it.each([
  [true, "example.com", "approved", undefined],
  [false, undefined, "declined", undefined],
  [true, " ", "wrong name", "nothing"],
  [true, "example.org", "wrong name", "something else"],
] as const)("what was typed is told only of a wrong name: approve %s, typed %j", (approve, typed, verdict, told) => {
  const { request } = requestAt({ ...trafficPlan, typed: "example.com" });
  expect(request.decide(approve, "page", typed)).toBe(true);
  expect(request.ending?.verdict).toBe(verdict);
  expect(request.ending?.typed).toBe(told);
});
