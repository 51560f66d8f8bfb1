import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { limits } from "../catalogue/limits.js";
import { unlessThrown } from "../lib/failure.js";
import { contextTag, type Element, elements, oidOf, sequenceMembers } from "./der.js";
import { commonNameIn, type Names, namesOf } from "./domain-names.js";
import { alternativeNames, type Extensions, extensionsIn } from "./extensions.js";
import { isCheckable, type KeyFacts, keyFactsOf } from "./public-key.js";
import { type SignatureFacts, signatureOf } from "./signature.js";

/** A signing request, which node:crypto does not read. Its names are the common name and the alternative names. */
export interface ParsedSigningRequest extends Names {
  readonly commonName: string | undefined;
  readonly key: KeyFacts;
  readonly signature: SignatureFacts;
  /** Whether it was signed by the key that it contains. */
  readonly signed: "yes" | "no" | "not checked";
}

const block =
  /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----((?:(?!-----)[\s\S])+)-----END (?:NEW )?CERTIFICATE REQUEST-----/;
const extensionRequest = "1.2.840.113549.1.9.14";

/** Undefined if the text contains none that parses. */
export function readSigningRequest(pem: string): ParsedSigningRequest | undefined {
  if (pem.length > limits.argument.pem) return undefined;
  return unlessThrown(() => {
    const [body, algorithm, proof] = sequenceMembers(Buffer.from(block.exec(pem)?.[1] ?? "", "base64"));
    if (body === undefined || algorithm === undefined || proof === undefined) return undefined;
    const [, subject, publicKeyInfo, ...attributes] = elements(body.content);
    if (subject === undefined || publicKeyInfo === undefined) return undefined;
    const commonName = commonNameIn(subject);
    const { dns, addresses } = alternativeNames(requestedExtensions(attributes));
    const names = namesOf([...new Set([...(commonName === undefined ? [] : [commonName]), ...dns])], addresses);
    const signature = signatureOf(algorithm);
    return { commonName, ...names, signature, ...keyOf(publicKeyInfo, { body, proof, signature }) };
  });
}

interface Signed {
  readonly body: Element;
  readonly proof: Element;
  readonly signature: SignatureFacts;
}

function keyOf(publicKeyInfo: Element, signed: Signed): Pick<ParsedSigningRequest, "key" | "signed"> {
  const publicKey = unlessThrown(() => createPublicKey({ key: publicKeyInfo.whole, format: "der", type: "spki" }));
  const key = keyFactsOf(publicKeyInfo, publicKey);
  // Nothing was signed by a key that is no key.
  if (key.damaged) return { key, signed: "no" };
  return { key, signed: publicKey && key.type !== "SM2" ? signedWith(publicKey, signed) : "not checked" };
}

/** Only two signature schemes are checked: RSA with PKCS #1 padding, and ECDSA. */
function signedWith(key: KeyObject, { body, proof, signature }: Signed): ParsedSigningRequest["signed"] {
  const { asymmetricKeyType: type } = key;
  const plain = type === "ec" || (type === "rsa" && !signature.pss);
  if (!plain || signature.hash === undefined || !isCheckable(key)) return "not checked";
  const bits = proof.content.subarray(1); // the first byte counts unused bits
  return verify(signature.hash, body.whole, key, bits) ? "yes" : "no";
}

/** Extensions requested for the certificate, from the request's attributes. */
function requestedExtensions(attributes: readonly Element[]): Extensions {
  const list = attributes.find(({ tag }) => tag === contextTag(0));
  const request = (list ? elements(list.content) : [])
    .map(({ content }) => elements(content))
    .find(([type]) => oidOf(type) === extensionRequest);
  const values = request?.[1];
  return extensionsIn(values ? sequenceMembers(values.content) : []);
}
