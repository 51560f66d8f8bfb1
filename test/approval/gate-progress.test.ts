import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApprovalStore } from "../../src/approval/approval-store.js";
import type { Channel } from "../../src/approval/channel.js";
import { Gate } from "../../src/approval/gate.js";
import type { ApprovalRequest } from "../../src/approval/request.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { machineTime } from "../../src/lib/time-source.js";
import { Redactor } from "../../src/secrets/redaction/redactor.js";

/** Clients give up on a call that is silent for long, also while their own form stands before a person. */

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const waits = "Waiting for a person to approve";

/** A gate whose channel, as a client's form does, comes back only with the answer. */
function asking() {
  const said: string[] = [];
  let answer = () => {};
  const form: Channel = {
    present: (request: ApprovalRequest) =>
      new Promise((resolve) => {
        answer = () => {
          request.decide(true, "form");
          resolve(true);
        };
      }),
    close: async () => {},
  };
  const gate = new Gate({
    policy: { readOnly: false, allowPurchases: false, allow: [], deny: [] },
    channels: [form],
    token: { offered: false, forDestructive: false },
    store: new ApprovalStore(machineTime),
    audit: { append: async () => {} },
    readCurrentState: async () => ({ rows: [], facts: [] }),
    wait: 60_000,
    log: () => {},
  });
  const { signal } = new AbortController();
  const approvedCall = gate.approve({
    operation: modifyCertificateAlias,
    params: { CertificateId: "abcd1234" },
    account: "account-1",
    approval: undefined,
    redactor: new Redactor([]),
    caller: { progress: (message) => void said.push(String(message)), signal, sending: signal },
  });
  return { said, approvedCall, answer: () => answer() };
}

it("says that it waits while the form is open", async () => {
  const { said, approvedCall, answer } = asking();
  await vi.advanceTimersByTimeAsync(12_000);
  expect(said).toEqual([waits, waits]);
  answer();
  await approvedCall;
});

it("says nothing of waiting once the answer is there", async () => {
  const { said, approvedCall, answer } = asking();
  await vi.advanceTimersByTimeAsync(1_000);
  answer();
  await approvedCall;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
