import { errors, type JWTPayload, jwtVerify } from "jose";
import { z } from "zod";
import { type Issuer, keysCoolDown } from "./issuer.js";
import { namingClaims, type Person, personId, personName, type Scope, scopes, subjectClaim } from "./person.js";
import { NotAdmitted, type TokenCheck, type VerifiedToken } from "./token.js";

interface AccessTokenOptions {
  readonly issuer: Issuer;
  /** This server, as tokens for it name it. */
  readonly audience: string;
  /** Whether a token has to say that it is an access token. */
  readonly type: "at+jwt" | "any";
  /** How long after its issue a token counts at most, in milliseconds. */
  readonly lifetime: number;
  readonly groupsClaim: string;
  readonly now: () => Date;
}

/** Signatures that only the issuer can make: with a shared secret, whoever checks tokens could also make them. */
const algorithms = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ");

/** How far the clocks of issuer and server may be apart, in seconds. */
const CLOCK_TOLERANCE = 5;

const claims = z.object({
  sub: subjectClaim,
  iat: z.number(),
  exp: z.number(),
  ...namingClaims,
  client_id: z.string().optional().catch(undefined),
  azp: z.string().optional().catch(undefined),
});

const strings = z.array(z.string()).catch([]);

/** Access tokens of the operator's identity provider: JSON Web Tokens as RFC 9068 describes them. */
export class AccessTokens implements TokenCheck {
  readonly #options: AccessTokenOptions;

  constructor(options: AccessTokenOptions) {
    this.#options = options;
  }

  handles(token: string): boolean {
    return /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/.test(token);
  }

  async check(token: string): Promise<VerifiedToken> {
    const { issuer, lifetime, groupsClaim, now } = this.#options;
    const payload = await this.#verified(token);
    const parsed = claims.safeParse(payload);
    if (!parsed.success) throw new NotAdmitted("invalid", "The access token names no person.");
    const { sub, iat, exp, client_id: clientId, azp } = parsed.data;
    const client = clientId ?? azp;
    const person: Person = {
      id: personId(issuer.name, sub),
      name: personName(parsed.data),
      groups: strings.parse(payload[groupsClaim]),
      scopes: scopesIn(payload),
    };
    const until = Math.min(exp * 1_000, iat * 1_000 + lifetime);
    // Nobody tells this server of a revocation before that.
    const isStillValid = async () => now().getTime() < until;
    return { person, until, isStillValid, ...(client !== undefined && { client }) };
  }

  /** Keys come from the issuer alone: what a header says of its own key (jwk, jku, x5c, x5u) is not looked at. */
  async #verified(token: string): Promise<JWTPayload> {
    const { issuer, audience, type, lifetime, now } = this.#options;
    const keys = await issuer.keys();
    // Then a key that is not among them may be one that the issuer has begun to use since: nobody has asked for it yet.
    const { coolingDown } = keys;
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms,
        issuer: issuer.name,
        audience,
        ...(type === "at+jwt" && { typ: type }),
        requiredClaims: ["sub", "exp", "iat"],
        maxTokenAge: lifetime / 1_000,
        clockTolerance: CLOCK_TOLERANCE,
        currentDate: now(),
      });
      return payload;
    } catch (error) {
      if (coolingDown && error instanceof errors.JWKSNoMatchingKey) throw keyNotReadYet();
      throw isOfKeys(error) ? issuer.unavailable(error) : refusal(error, now());
    }
  }
}

/** RFC 9068, section 2.2.3, or `scp`, as Microsoft Entra ID and Okta write it. */
function scopesIn({ scope, scp }: JWTPayload): ReadonlySet<Scope> {
  const texts = [scope, scp].flatMap((claim) => (typeof claim === "string" ? claim.split(" ") : strings.parse(claim)));
  return new Set(scopes.filter((known) => texts.includes(known)));
}

/** Says what is wrong as far as it helps a person to correct their setup. */
function refusal(error: unknown, now: Date): NotAdmitted {
  if (error instanceof errors.JWTExpired) return invalid("has expired");
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "aud") return invalid("is for another server");
    if (error.claim === "iss") return invalid("comes from another issuer");
    if (error.claim === "typ") return invalid("is not an access token (its type is not at+jwt)");
    const ahead = secondsAhead(error.payload[error.claim], now);
    if ((error.claim === "iat" || error.claim === "nbf") && ahead > CLOCK_TOLERANCE)
      return invalid(
        `counts only in ${ahead} seconds (its ${error.claim}) by this server's clock, which may differ from the identity provider's by ${CLOCK_TOLERANCE}. If the token is new, one of the two clocks is wrong: tell the operator`,
      );
    return invalid(`has no acceptable ${error.claim}`);
  }
  return invalid("cannot be verified");
}

/** How far a time in a token is in the future; 0 for anything else. */
function secondsAhead(time: unknown, now: Date): number {
  return typeof time === "number" ? Math.max(0, Math.ceil(time - now.getTime() / 1_000)) : 0;
}

/** Whether the issuer's keys could not be read; an unknown key is the token's fault. */
function isOfKeys(error: unknown): boolean {
  return (
    !(error instanceof errors.JOSEError) ||
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    error.code === "ERR_JOSE_GENERIC"
  );
}

function keyNotReadYet(): NotAdmitted {
  return new NotAdmitted(
    "unavailable",
    "The access token cannot be checked now: its key is not among those of the identity provider that were read moments ago. Nothing was done. Try again in half a minute.",
    keysCoolDown / 1_000,
  );
}

function invalid(what: string): NotAdmitted {
  return new NotAdmitted("invalid", `The access token ${what}.`);
}
