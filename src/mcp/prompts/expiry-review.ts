import { commonRules, prompt } from "./prompt.js";

export const expiryReview = prompt({
  name: "expiry_review",
  title: "Review what expires",
  description: "Which certificates expire soon, where they are used and what is served. Changes nothing.",
  arguments: {
    days: { kind: "days", description: "How far to look ahead; 30 when absent", required: false },
    domain: { kind: "domain", description: "Only certificates for this domain", required: false },
  },
  text: ({ days = "30", domain }) => {
    const only = domain === undefined ? "" : `, domain=${domain}`;
    return `Review the certificates that expire within ${days} days${domain === undefined ? "" : ` and cover ${domain}`}. Read only: change nothing in this review.

1. \`find_certificates\` (expires_within_days=${days}${only}, with_bindings=true, with_edges=true): stored certificates, and the domains of every cloud with what each has and serves. Go on with next_cursor until every row has been seen. Then once more with status=expired instead of expires_within_days: what has already expired and is bound comes first.
2. What incomplete and not_visible name was not seen: ask the person whether something there matters. STOP until they answer; "no" is an answer.
3. \`check_served_certificate\` (domains=the names of each bound certificate that is no listed domain; 20 in a call): what visitors get may differ from what the account says.
4. For each domain at risk without covered_next_by, look for a later certificate that covers it: \`find_certificates\` (domain=the name).
5. Report a table, least days left first: certificate ID, names, days left, where it is bound, what is served. Sort into:
   - expires and in use: rotate now;
   - a later one exists and is not deployed: deploy it;
   - expires and bound to nothing: let it expire; no need to delete it;
   - applied for and waiting: which proof record a person still has to set (\`wait_for\`, what=certificate);
   - not seen: what could not be read, and why. An incomplete answer is never "all fine".
6. Ask which rows to act on. STOP: this review ends here. Each row is a job of its own with its own approval (prompt rotate_certificate).

${commonRules}`;
  },
});
