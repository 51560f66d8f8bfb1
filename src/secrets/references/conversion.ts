import { type SafeText, safe, verbatim } from "../../lib/safe-text.js";

/** Callers of tools name files, and people upload them. */
type PassedOn = "name" | "upload";

/** A kind of file that is not supported, and how it is converted. */
export interface OtherFormat {
  /** As in "it is". */
  readonly name: SafeText;
  /** In this order, with FILE in place of the file's name. */
  readonly commands: readonly string[];
  /** What to do after them, in a sentence. */
  readonly next: Readonly<Record<PassedOn, SafeText>>;
  /** What else to know, in a sentence. */
  readonly note?: SafeText;
  /** A key of an account or of SSH: tools keep such files beside those of certificates. */
  readonly isForElse?: true;
}

/** How to convert a file, in sentences. People see the commands in a list before them. */
export function conversionOf({ commands, next, note }: OtherFormat, by: PassedOn): readonly SafeText[] {
  const how = by === "name" && commands.length > 0 ? [verbatim(`Convert it: ${commands.join(", then ")}.`)] : [];
  return [...how, next[by], ...(note === undefined ? [] : [note])];
}

/** After commands that make these files. */
export function made(...files: readonly [first: string, second?: string]): OtherFormat["next"] {
  const [first, second] = files;
  return {
    name: verbatim(`Then name ${files.join(" and ")}.`),
    upload: second
      ? safe`Then upload ${verbatim(first)} and ${verbatim(second)}, one after the other.`
      : safe`Then upload ${verbatim(first)}.`,
  };
}

/**
 * After commands that ask for a new pass phrase. The names are spelled out, because a pass phrase that is written into the
 * reference itself stands in the conversation.
 * @param wholly whether the file is all key
 */
export function madeWithPassPhrase(file: string, wholly = true): OtherFormat["next"] {
  const named = `file:${file};password=file:PATH or file:${file};password=env:NAME, where a person put that pass phrase: never write it there itself`;
  const asked = "It asks for the password of the file and for a new pass phrase.";
  return {
    name: verbatim(`${asked} Then name ${wholly ? named : `${file}, and for the key ${named}`}.`),
    upload: safe`OpenSSL asks for the password of the file and for a new pass phrase. Then upload ${verbatim(file)} with that pass phrase as the password of the key.`,
  };
}

/** After a command that changes the file itself, in the repository that holds it. */
export const sameFileAgain: OtherFormat["next"] = {
  name: verbatim("Run that in its repository, then name it again."),
  upload: safe`Run this in its repository, then upload the file again.`,
};
