import type { AccessRules } from "../../../src/access/rules.js";
import { ApprovalStore } from "../../../src/approval/approval-store.js";
import { Gate } from "../../../src/approval/gate.js";
import { TeamApproval } from "../../../src/approval/team/approval.js";
import { shownDigest, TeamDecisions } from "../../../src/approval/team/decisions.js";
import type { TeamQuestion } from "../../../src/approval/team/question.js";
import type { Questions } from "../../../src/approval/team/questions.js";
import { type AuditEntry, auditEntry } from "../../../src/audit/entry.js";
import type { ChangeOperation } from "../../../src/catalogue/operation.js";
import { createCertificate } from "../../../src/catalogue/tencent-ssl/create-certificate.js";
import { deleteCertificate } from "../../../src/catalogue/tencent-ssl/delete-certificate.js";
import { modifyCertificateAlias } from "../../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import type { Person } from "../../../src/identity/person.js";
import { safe } from "../../../src/lib/safe-text.js";
import { machineTime } from "../../../src/lib/time-source.js";
import { ToolError } from "../../../src/lib/tool-error.js";
import { Redactor } from "../../../src/secrets/redaction/redactor.js";
import { alice, rulesAt } from "./support.js";

export const rename = { operation: modifyCertificateAlias, params: { CertificateId: "aaaaaaaa", Alias: "x" } };
export const remove = { operation: deleteCertificate, params: { CertificateId: "aaaaaaaa" } };
export const buy = { operation: createCertificate, params: { ProductId: 8, DomainNum: 1, TimeSpan: 1 } };
export interface Change {
  readonly operation: ChangeOperation;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What all servers of a team share: the clouds, the audit log and the questions. */
export class Team {
  state = 0;
  readonly sent: string[] = [];
  readonly audit: AuditEntry[] = [];
  /** Of one of the servers. */
  readonly questions: () => Questions;
  readonly #asked: (() => void)[] = [];

  readonly #rules: AccessRules;

  constructor(questions: () => Questions, rules = rulesAt()) {
    this.#rules = rules;
    this.questions = questions;
  }

  /** One server's gate for one person. */
  gate(asker: Person, questions = this.questions()): Gate {
    const { now } = machineTime;
    const team = new TeamApproval({
      questions,
      rules: this.#rules,
      person: asker,
      account: "prod",
      addressOf: (id) => `https://certs.example.com/approvals/${id}`,
      now,
      log: () => {},
    });
    return new Gate({
      policy: { readOnly: false, allowPurchases: true, allow: [], deny: [] },
      channels: [team],
      team,
      token: { offered: false, forDestructive: false },
      store: new ApprovalStore(machineTime, this.#rules.questionMs, Buffer.alloc(32)),
      audit: {
        append: async (entry) => {
          this.audit.push(auditEntry.parse(entry));
        },
      },
      readCurrentState: async () => ({
        rows: [{ object: safe`It`, aspect: "status", now: safe`state ${this.state}`, then: safe`changed` }],
        facts: [],
      }),
      log: () => {},
      onAsked: () => {
        for (const heard of this.#asked.splice(0)) heard();
      },
    });
  }

  /** A call that waits as long as it takes, or until it is cancelled; how it ended. */
  async call(
    gate: Gate,
    { operation, params }: Change,
    asker: Person = alice,
    signal = new AbortController().signal,
  ): Promise<string> {
    try {
      await gate.approveAndRun(
        {
          operation,
          params,
          account: "AKIDaaaaaaaaaaaaaaaa",
          approval: undefined,
          redactor: new Redactor([]),
          caller: {
            progress: () => {},
            signal,
            sending: new AbortController().signal,
            identity: { person: asker, client: "a client" },
          },
        },
        async () => {
          this.sent.push(operation.name);
          return { requestId: "r" };
        },
      );
      return "sent";
    } catch (error) {
      if (error instanceof ToolError) return error.message;
      throw error;
    }
  }

  /** The question that is asked by what `work` starts. */
  async askedBy(work: () => unknown): Promise<TeamQuestion> {
    const heard = new Promise<void>((resolve) => this.#asked.push(resolve));
    work();
    await heard;
    return this.open();
  }

  async open(): Promise<TeamQuestion> {
    const question = (await this.questions().recent()).find(({ state }) => state === "open");
    if (question === undefined) throw new Error("nothing is open");
    return question;
  }

  async answer(question: TeamQuestion, who: Person, approve = true, more: { typed?: string; again?: boolean } = {}) {
    const answered = await new TeamDecisions(this.questions(), this.#rules).answer(question.id, who, {
      approve,
      typed: more.typed ?? question.plans.en.typed,
      shown: shownDigest(question, "en"),
      loggedInAgain: more.again ?? true,
    });
    return answered.counted ? answered.answer : answered.why;
  }
}
