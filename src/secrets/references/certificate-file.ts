import { readBundle } from "../../certificates/bundle.js";
import { ToolError, unlessFailed } from "../../lib/tool-error.js";
import { blocksIn } from "./blocks-in-file.js";
import { isCertificate, pickContent } from "./pick-content.js";
import { UnfitContent } from "./refuse.js";

/** What a file holds of a certificate and its key, each as a reference to the file passes it on. */
export interface CertificateFile {
  /** The chain, in PEM. */
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  /** Why a part that the file does hold, or may hold, is not passed on: clauses for a sentence that names the file. */
  readonly faults: readonly string[];
  /** The first certificate that is whole, in PEM, also if it is not passed on. */
  readonly first?: string | undefined;
}

/** The parts of a file. That a part is not in it is no fault. */
export async function certificateFileOf(bytes: Buffer): Promise<CertificateFile> {
  const certificate = await partOf(bytes, "certificate");
  // Most files of a directory, each of which takes milliseconds to read.
  if (certificate instanceof UnfitContent && isOfNothing(certificate)) return { faults: [] };
  const key = await partOf(bytes, "private key");
  const first = blocksIn(bytes).find(isCertificate)?.pem;
  const isOfAuthorities = first !== undefined && readBundle(first)?.leaf.isCa === true;
  const failures = [certificate, key].filter((part) => part instanceof ToolError);
  const faults = failures.filter((failure) => !(failure instanceof UnfitContent && isOfNone(failure, isOfAuthorities)));
  return {
    certificate: typeof certificate === "string" ? certificate : undefined,
    key: typeof key === "string" ? key : undefined,
    faults: [...new Set(faults.map(({ details }) => details.happened))],
    first,
  };
}

const partOf = (bytes: Buffer, content: "certificate" | "private key") =>
  unlessFailed(pickContent(bytes, content), (failure) => failure);

const isOfNothing = ({ fault }: UnfitContent) => fault.what === "missing" && fault.found.length === 0;

export const holdsNothing = ({ certificate, key, faults, first }: CertificateFile): boolean =>
  certificate === undefined && key === undefined && faults.length === 0 && first === undefined;

/** @param isOfAuthorities whether it begins with a CA's certificate: a long file of those is a system's roots */
const isOfNone = ({ fault }: UnfitContent, isOfAuthorities: boolean) =>
  fault.what === "missing" ||
  (fault.what === "long chain" && isOfAuthorities) ||
  (fault.what === "other format" && fault.format.isForElse === true);
