/** Closes what was opened, in reverse: what was opened later may still use what was opened before it. */
export class OpenResources {
  readonly #closings: (() => unknown)[] = [];

  /** @param close called once, when everything is closed */
  add(close: () => unknown): void {
    this.#closings.push(close);
  }

  /** What cannot be closed is reported, and keeps nothing else open. */
  async close(report: (error: unknown) => void): Promise<void> {
    for (const close of this.#closings.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        report(error);
      }
    }
  }
}
