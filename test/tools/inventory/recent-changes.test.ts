import { expect, it } from "vitest";
import { alibabaCdn } from "../../../src/catalogue/services.js";
import type { JobTarget } from "../../../src/jobs/job.js";
import { requestsIn } from "../../../src/jobs/requests.js";
import type { DomainCertificate, ListedDomain } from "../../../src/tools/inventory/listing.js";
import { withRecentChanges } from "../../../src/tools/inventory/recent-changes.js";
import { renewalsOf } from "../../../src/tools/inventory/renewals.js";
import { at, jobOn } from "../../jobs/support.js";

const domain = "img.example.com";
const old: DomainCertificate = { name: "old", ends: at(12) };
const listed: ListedDomain = { domain, service: alibabaCdn, https: true, certificates: [old] };

/** What a renewal finds a minute after the request for `domain`. */
async function endsInUse(request: Partial<JobTarget>) {
  const target = { id: `alibaba-cdn/${domain}`, domain, sentAt: at(1), state: "sending" as const, ...request };
  const job = jobOn({ number: 7, day: 1, certificate: 7, until: at(90), targets: [target] });
  const journal = { read: async () => ({ jobs: [], requests: requestsIn([job], undefined), foreign: 0 }) };
  const now = () => new Date(Date.parse(at(1)) + 60_000);
  const { domains } = await withRecentChanges(
    { domains: [listed], unseen: [] },
    Object.assign(Object.create(null), { journal, now }),
  );
  return renewalsOf(domains, [], () => ({ ids: [], broken: [] })).map(({ certificate }) => certificate.ends);
}

it("a domain stays in use with what it had while it is unknown whether a change arrived", async () => {
  expect(await endsInUse({})).toEqual([old.ends]);
});

it("a domain is in use with what the cloud accepted, which its list does not show yet", async () => {
  expect(await endsInUse({ state: "accepted", acceptedAt: at(1) })).toEqual([at(90)]);
});
