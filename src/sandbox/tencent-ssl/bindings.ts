import type { Host } from "../zones.js";

export interface ListenerRule {
  readonly locationId: string;
  readonly domain: string;
  readonly url: string;
  certificateId: string | undefined;
  changedAt: Date;
}

/** With SNI each rule has its own certificate; otherwise the listener has one. */
export interface Listener {
  readonly id: string;
  readonly name: string;
  readonly port: number;
  readonly protocol: "HTTPS" | "TCP_SSL";
  readonly sni: boolean;
  certificateId: string | undefined;
  changedAt: Date;
  readonly rules: readonly ListenerRule[];
}

/** A load balancer of CLB. */
export interface LoadBalancer {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly listeners: readonly Listener[];
}

/** A domain of Tencent Cloud's own CDN. */
export interface CdnDomain {
  readonly name: string;
  status: "online" | "offline" | "processing";
  certificateId: string | undefined;
  changedAt: Date;
}

/** A place that serves a certificate and can be switched to another. */
export interface Binding {
  /** Products with resources in the sandbox's account. */
  readonly type: "clb" | "cdn" | "teo";
  /** Empty for products without regions. */
  readonly region: string;
  readonly domains: readonly string[];
  readonly listener?: { readonly balancer: LoadBalancer; readonly listener: Listener; readonly rule?: ListenerRule };
  serves(certificateId: string): boolean;
  replace(oldId: string, newId: string, at: Date): void;
  /** Why a certificate for `names` cannot be deployed here now. */
  obstacle(names: readonly string[]): string | undefined;
}

/** The resources that used a certificate at the time of the query. */
export interface BoundResources {
  readonly loadBalancers: readonly LoadBalancer[];
  readonly cdnDomains: readonly CdnDomain[];
  readonly hosts: readonly { readonly zoneId: string; readonly host: Host }[];
}
