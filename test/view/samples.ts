/** Replies as the tools give them, with everything that the view shows. */

export const inventory = {
  incomplete: ["Alibaba Cloud VOD: the domains could not be listed. The key has no right to DescribeVodUserDomains."],
  listed_at: "2026-11-28T17:38:25.253Z",
  counts: { total: 3, expiring_within_30_days: 1, issued: 2, expired: 1, domains_listed: 4 },
  matching: 3,
  certificates: [
    {
      certificate_id: "SXqwRxhE",
      names: ["legacy.example.org"],
      status: "expired",
      key: "EC prime256v1",
      not_after: "2026-11-15T23:59:59.000Z",
      days_left: -12,
    },
    {
      certificate_id: "fpIhH9PM",
      names: ["example.com", "*.example.com"],
      more_names: 3,
      status: "issued",
      alias: "storefront",
      not_after: "2026-12-18T17:38:24.000Z",
      days_left: 19,
      used_by: ["www.example.com"],
      bound_to: ["CLB lb-1 listener lbl-2"],
    },
    { certificate_id: "VxiURAiu", names: ["preview.example.org"], status: "under review" },
  ],
  matching_domains: 240,
  domains: [
    {
      domain: "img.example.com",
      service: "alibaba-cdn",
      https: "on",
      certificates: [{ name: "img-example-com", ends_on: "2026-12-03", days_left: 5 }],
      covered_next_by: "AyqfDJN3",
      edge: { not_after: "2026-11-30T17:38:24.000Z", days_left: 2, issuer: "O=Sandbox, CN=Issuing CA", trusted: true },
      drift: "its edge serves another certificate than the cloud lists",
    },
    { domain: "*.cdn.example.com", service: "alibaba-cdn", https: "off", edge: "a wildcard: name one of its hosts" },
    {
      domain: "www.example.com",
      service: "tencent-edgeone",
      zone_id: "zone-sandboxdemo",
      https: "on",
      certificates: [
        { certificate_id: "fpIhH9PM", name: "storefront", not_after: "2027-02-10T17:38:24Z", days_left: 74 },
        { certificate_id: "rsaPart1", not_after: "2027-03-18T17:38:24Z", days_left: 110 },
      ],
      edge: { not_after: "2027-02-10T17:38:24.000Z", days_left: 74, issuer: "O=Sandbox, CN=Issuing CA", trusted: true },
    },
    {
      domain: "play.example.com",
      service: "huawei-live",
      project_id: "sandboxproject",
      changed: "another certificate was accepted 2026-11-28 17:30 UTC (job j-1); the cloud's list does not show it yet",
    },
  ],
  not_visible: ["The certificates stored at Alibaba Cloud that no domain has are not listed."],
};

export const job = {
  job: "d-20261128-1",
  kind: "deployment",
  certificate: {
    certificate_id: "AyqfDJN3",
    names: ["example.com", "*.example.com"],
    not_after: "2027-06-13T17:38:24Z",
  },
  summary: "1 served, 1 accepted, 1 failed",
  targets: [
    {
      target: "EdgeOne host www.example.com",
      state: "served",
      before: "certificate fpIhH9PM",
      accepted_at: "2026-11-28T17:40:01.000Z",
      seen_at_edge: "2 of 2 addresses",
    },
    {
      target: "Alibaba Cloud CDN domain img.example.com",
      state: "accepted",
      before: "sha256 12ab…, ends 2026-12-18",
      accepted_at: "2026-11-28T17:40:03.000Z",
      seen_at_edge: "0 of 2 addresses",
    },
    {
      target: "Huawei Cloud Live domain play.example.com",
      state: "failed",
      before: "not known",
      says: "The cloud refused it: no right. Next: grant it.",
      code: "live.10001",
    },
  ],
  next: "Accepted is not served yet: wait_for (deployment, this job) watches until it is.",
};
