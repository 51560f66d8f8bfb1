import { uploadConfirmLetter } from "../../catalogue/tencent-ssl/upload-confirm-letter.js";
import type { Account } from "../account.js";
import { CloudError } from "../refusal.js";
import { setStatus } from "./lifecycle.js";
import { ownedCertificate } from "./lookup.js";
import type { Product } from "./products.js";
import { wrongStatus } from "./refusals.js";
import { logCall, sslHandler } from "./ssl-handler.js";
import { status } from "./state.js";

interface Params {
  readonly CertificateId: string;
  readonly ConfirmLetter: string;
}

const smallest = 1024;
const largest = 1.4 * 1024 * 1024;

/** How each kind of file starts. */
const signatures = {
  jpg: Buffer.from([0xff, 0xd8, 0xff]),
  png: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  pdf: Buffer.from("%PDF-"),
  gif: Buffer.from("GIF8"),
};

type Kind = keyof typeof signatures;

export const confirmLetterHandlers = [sslHandler(uploadConfirmLetter, upload)];

function upload({ CertificateId: id, ConfirmLetter }: Params, account: Account) {
  const certificate = ownedCertificate(account, id);
  if (certificate.order === undefined) {
    throw new CloudError("FailedOperation.InvalidCertificateSource", `Certificate ${id} was uploaded, not ordered.`);
  }
  if (certificate.status !== status.awaitingLetter) throw wrongStatus(id, "is not waiting for a confirmation letter");
  refuseUnfit(Buffer.from(ConfirmLetter, "base64"), certificate.order.product);
  setStatus(certificate, status.reviewing, account.clock.now());
  logCall(account, "uploadConfirmLetter", id);
  return { CertificateId: id, IsSuccess: true };
}

function refuseUnfit(letter: Buffer, { source }: Product): void {
  if (letter.length < smallest) {
    throw new CloudError("FailedOperation.ConfirmLetterTooSmall", "The letter is smaller than 1 KB.");
  }
  if (letter.length > largest) {
    throw new CloudError("FailedOperation.ConfirmLetterTooLarge", "The letter is larger than 1.4 MB.");
  }
  const kind = kindOf(letter);
  if (source === "wosign" && (kind === undefined || kind === "png")) {
    throw new CloudError("FailedOperation.InvalidConfirmLetterFormatWosign", "This CA takes JPG, PDF and GIF.");
  }
  if (source !== "wosign" && (kind === undefined || kind === "gif")) {
    throw new CloudError("FailedOperation.InvalidConfirmLetterFormat", "The letter is neither JPG nor PNG nor PDF.");
  }
}

function kindOf(letter: Buffer): Kind | undefined {
  const kinds: readonly Kind[] = ["jpg", "png", "pdf", "gif"];
  return kinds.find((kind) => letter.subarray(0, signatures[kind].length).equals(signatures[kind]));
}
