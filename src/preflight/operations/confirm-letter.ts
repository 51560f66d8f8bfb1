import { uploadConfirmLetter } from "../../catalogue/tencent-ssl/upload-confirm-letter.js";
import { safe } from "../../lib/escape-text.js";
import { type Finding, finding, warning } from "../finding.js";
import { checksOf } from "./binding.js";
import { certificateIdIsWellFormed } from "./identifiers.js";

const smallestBytes = 1024;
const largestBytes = 1.4 * 1024 * 1024;

/** The first bytes of files of each kind. */
const kinds = [
  { kind: "JPG", begins: Buffer.from([0xff, 0xd8, 0xff]) },
  { kind: "PNG", begins: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) },
  { kind: "PDF", begins: Buffer.from("%PDF-") },
  { kind: "GIF", begins: Buffer.from("GIF8") },
] as const;

export const confirmLetterChecks = checksOf(uploadConfirmLetter, certificateIdIsWellFormed, ({ ConfirmLetter }) =>
  checkLetter(Buffer.from(ConfirmLetter, "base64")),
);

function checkLetter(letter: Buffer): Finding[] {
  if (letter.length < smallestBytes) {
    return [fault(`The letter has ${letter.length} bytes; it needs 1 KB.`, "ConfirmLetterTooSmall")];
  }
  if (letter.length > largestBytes) {
    return [fault(`The letter has ${letter.length} bytes; it may have 1.4 MB.`, "ConfirmLetterTooLarge")];
  }
  switch (kindOf(letter)) {
    case undefined:
      return [fault("The letter is neither a JPG nor a PNG nor a PDF file in base64.", "InvalidConfirmLetterFormat")];
    case "GIF":
      // A separate code lists what WoSign accepts: JPG, PDF and GIF. Only the order shows which CA it is.
      return [warning("ConfirmLetter", safe`The letter is a GIF file, which only the CA WoSign accepts.`)];
    default:
      return [];
  }
}

function kindOf(letter: Buffer) {
  return kinds.find(({ begins }) => letter.subarray(0, begins.length).equals(begins))?.kind;
}

function fault(says: string, code: string): Finding {
  return finding("ConfirmLetter", says, { prevents: `FailedOperation.${code}` });
}
