import { messageOf, systemCodeOf } from "./failure.js";

/** Where text goes: a stream of this process, or what stands in for one. */
export interface TextOutput {
  write(text: string): unknown;
}

/** The output of a command for programs, which knows whether it arrived. */
export interface CommandOutput extends TextOutput {
  readonly isTTY?: boolean | undefined;
  /** Aborts at the first write that fails. */
  readonly lost: AbortSignal;
  /** Waits for what was written; why it did not arrive, or undefined. */
  failure(): Promise<LostOutput | undefined>;
}

interface LostOutput {
  readonly why: string;
  /** Nobody reads on, as behind `| head`; a full disk, for example, is another matter. */
  readonly isUnread: boolean;
}

/** The exit code of a command whose output was lost. What it did before stands. */
export const OUTPUT_LOST = 6;

/** A stream of this process as the output of a command. A process that exits at once reports no failure of its own. */
export function commandOutput(stream: NodeJS.WriteStream): CommandOutput {
  const lost = new AbortController();
  let failure: LostOutput | undefined;
  let written = Promise.resolve();
  const fail = (error: unknown) => {
    failure ??= { why: messageOf(error), isUnread: systemCodeOf(error) === "EPIPE" };
    lost.abort();
  };
  // Each write tells its own failure; an error without a listener would end the process in the middle of a change.
  stream.on("error", () => {});
  return {
    isTTY: stream.isTTY,
    lost: lost.signal,
    write: (text) => {
      const done = new Promise<void>((resolve, reject) => {
        stream.write(text, (error) => (error ? reject(error) : resolve()));
      });
      const before = written;
      written = done.catch(fail).then(() => before);
    },
    failure: async () => {
      await written;
      return failure;
    },
  };
}
