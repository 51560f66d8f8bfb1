import { percentEncode } from "../encoding.js";

const MASK = "[sealed]";

/** Shorter values are left alone: masking every "1" would say more than it hides. */
const SHORTEST_SECRET = 4;

/** A private key that was never seen before gives itself away by its first and last line, escaped or not. */
const privateKey = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g;

/** Masks known secrets in text that leaves the process. */
export class Seal {
  readonly #forms: readonly string[];

  /** @param known a seal whose secrets this one masks too */
  constructor(secrets: readonly string[], known?: Seal) {
    const forms = secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(formsOf);
    // Longest first, so that no form is broken up by a shorter one inside it.
    this.#forms = [...new Set([...(known === undefined ? [] : known.#forms), ...forms])].sort(
      (a, b) => b.length - a.length,
    );
  }

  /** A seal that also knows `secrets`. */
  with(secrets: readonly string[]): Seal {
    return secrets.length === 0 ? this : new Seal(secrets, this);
  }

  text(text: string): string {
    const masked = this.#forms.reduce((rest, form) => rest.replaceAll(form, MASK), text);
    return masked.replace(privateKey, MASK);
  }

  /** The same value with every text in it sealed, member names included. */
  value(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [this.text(name), this.value(member)]));
  }
}

/** The shapes in which a cloud or a gateway may hand a secret back, a string to sign among them. */
function formsOf(secret: string): string[] {
  const percent = percentEncode(secret);
  return [
    secret,
    secret.trim(),
    JSON.stringify(secret).slice(1, -1),
    percent,
    percentEncode(percent),
    new URLSearchParams({ s: secret }).toString().slice(2),
    Buffer.from(secret).toString("base64"),
  ];
}
