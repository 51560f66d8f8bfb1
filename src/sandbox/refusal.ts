/** A cloud's documented answer to a call that it does not carry out. */
export class Refusal extends Error {
  /** The vendor's own code, letter for letter. */
  readonly code: string;
  /** HTTP status where the code alone does not settle it. */
  readonly status: number | undefined;

  constructor(code: string, message: string, status?: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
