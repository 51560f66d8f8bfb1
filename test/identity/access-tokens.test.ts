import { describe, expect, it } from "vitest";
import { AccessTokens } from "../../src/identity/access-tokens.js";
import { Issuer } from "../../src/identity/issuer.js";
import { NotAdmitted } from "../../src/identity/token.js";
import { startIssuer } from "../support/issuer.js";

const audience = "https://certs.example.com/mcp";

async function admitted(claims: Record<string, unknown>) {
  const issuer = await startIssuer();
  try {
    const tokens = new AccessTokens({
      issuer: new Issuer(issuer.url, Date.now, () => {}),
      audience,
      type: "at+jwt",
      lifetime: 3_600_000,
      groupsClaim: "groups",
      now: () => new Date(),
    });
    return await tokens.check(await issuer.forged({ aud: audience, ...claims }));
  } finally {
    await issuer.close();
  }
}

describe("what an access token says of its person", () => {
  it.each([
    ["fills no plan", `Bob ${"x".repeat(5_000)}`, /^Bob x{90,}… \(5,?004 characters\)$/],
    ["hides nothing and turns nothing around", "Bob\u202e\n(id)", /^Bob<U\+202E><U\+000A>\(id\)$/],
  ])("%s: they may have chosen the name themselves", async (_, name, shown) => {
    expect((await admitted({ name })).person.name).toMatch(shown);
  });

  it("is no id with a line break, which would be another line of a log", async () => {
    await expect(admitted({ sub: "alice\nbob" })).rejects.toThrow(NotAdmitted);
  });
});
