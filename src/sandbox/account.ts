import type { CasRegion } from "../catalogue/alibaba-cas/stores.js";
import type { ServiceId } from "../catalogue/services.js";
import type { CertificateAuthority } from "./authority.js";
import type { SandboxClock } from "./clock.js";
import type { CertificateStore, DeliveryDomain } from "./delivery.js";
import type { SslState } from "./tencent-ssl/state.js";
import type { Zone } from "./zones.js";

/** Everything that the sandbox's account holds on the three clouds. */
export interface Account {
  readonly clock: SandboxClock;
  readonly authority: CertificateAuthority;
  readonly ssl: SslState;
  /** Alibaba Cloud's certificate stores, which are separate in each region. */
  readonly cas: Readonly<Record<CasRegion, CertificateStore>>;
  /** Huawei Cloud's certificate store. */
  readonly scm: CertificateStore;
  /** EdgeOne zones by ZoneId. */
  readonly zones: Map<string, Zone>;
  /** Domains of Alibaba CDN, DCDN and VOD and of Huawei Live by name. */
  readonly cdn: Map<string, DeliveryDomain>;
  readonly dcdn: Map<string, DeliveryDomain>;
  readonly vod: Map<string, DeliveryDomain>;
  readonly live: Map<string, DeliveryDomain>;
  readonly notSwitchedOn: Set<ServiceId>;
}
