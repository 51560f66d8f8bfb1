import { expect, it } from "vitest";
import { satisfies, sentChainIn } from "../../src/certificates/sent-chain.js";
import { Authority, type Party } from "../preflight/authority.js";

/**
 * Which chain does for which other one. Seen in public: the leaf alone (dromara/domain-admin issue 131, certd/certd issue
 * 746, opnsense/plugins issue 2553), the intermediate of another generation (Upinel/localhost.direct issue 10), an expired
 * intermediate or cross-signed root (certbot/certbot issues 8917 and 9860; "DST Root CA X3 Expiration", 2021,
 * https://letsencrypt.org/docs/dst-root-ca-x3-expiration-september-2021/), the order (matteocorti/check_ssl_cert issue 326).
 */

const now = new Date(Math.ceil(Date.now() / 1000) * 1000);
const authority = new Authority(now);
const expired = { from: authority.inDays(-90), to: authority.inDays(-1) };
const ca = (name: string, by?: Party, more: object = {}) =>
  authority.issue({ name, ca: true, ...(by && { by }), ...more });

const root = await ca("Root");
const oldRoot = await ca("Old Root");
const crossed = await ca("Root", oldRoot, { keys: root });
const crossedExpired = await ca("Root", oldRoot, { keys: root, ...expired });
const upper = await ca("Upper", root);
const issuing = await ca("Issuing", upper);
const issuingExpired = await ca("Issuing", upper, { keys: issuing, ...expired });
const issuingByOld = await ca("Issuing", oldRoot, { keys: issuing });
const sameName = await ca("Issuing", upper);
const stranger = await ca("Stranger", root);
const leaf = await authority.issue({ name: "www.example.com", by: issuing });

const pem = (...parties: readonly Party[]) => parties.map((each) => each.pem).join("");
const whole = pem(leaf, issuing, upper);

it.each([
  ["itself", whole, whole],
  ["the same with CRLF", whole.replaceAll("\n", "\r\n"), whole],
  ["the same with text between", `# leaf\n${whole.replaceAll("TE-----\n-", "TE-----\n\n# next\n-")}\n\n`, whole],
  ["the same with the root", pem(leaf, issuing, upper, root), whole],
  ["the same without the root", whole, pem(leaf, issuing, upper, root)],
  ["the same with a stranger", pem(leaf, stranger, issuing, upper), whole],
  ["the right order for the wrong one", whole, pem(leaf, upper, issuing)],
  ["a cross-signed twin", pem(leaf, issuingByOld), pem(leaf, issuing)],
  ["the twin of a cross-signed one", pem(leaf, issuing), pem(leaf, issuingByOld)],
  ["one that goes further", pem(leaf, issuing, upper, crossed), whole],
  ["the whole for the leaf alone", whole, pem(leaf)],
  ["one that was meant to have an expired one", pem(leaf, issuing, upper), pem(leaf, issuing, upper, crossedExpired)],
])("%s does", (_, sent, wanted) => {
  expect(satisfies(sentChainIn(sent, now), sentChainIn(wanted, now))).toBe(true);
});

it.each([
  ["the leaf alone", pem(leaf), whole],
  ["one that lacks an intermediate", pem(leaf, issuing), whole],
  ["another intermediate of the same name", pem(leaf, sameName, upper), whole],
  ["an expired intermediate", pem(leaf, issuingExpired, upper), whole],
  ["one with an expired cross-signed root", pem(leaf, issuing, upper, crossedExpired), whole],
  ["the wrong order", pem(leaf, upper, issuing), whole],
  ["one without a cross-signed root that was asked for", whole, pem(leaf, issuing, upper, crossed)],
])("%s does not do", (_, sent, wanted) => {
  expect(satisfies(sentChainIn(sent, now), sentChainIn(wanted, now))).toBe(false);
});

it("what is not known does for a leaf alone", () => {
  expect(satisfies(undefined, sentChainIn(pem(leaf), now))).toBe(true);
  expect(satisfies(undefined, sentChainIn(whole, now))).toBe(false);
  expect(satisfies(sentChainIn(pem(leaf), now), undefined)).toBe(true);
});
