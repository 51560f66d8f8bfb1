import type { Environment } from "../ground.js";

/** The variables by which a proxy is set; in lower case they win, as everywhere. */
export function proxyVariables(env: Environment) {
  return {
    httpProxy: env.http_proxy || env.HTTP_PROXY || "",
    httpsProxy: env.https_proxy || env.HTTPS_PROXY || "",
    noProxy: env.no_proxy || env.NO_PROXY || "",
  };
}

/** The same where they can be used; undefined where an address is none. */
export function proxyOptions(env: Environment) {
  const { httpProxy, httpsProxy, noProxy } = proxyVariables(env);
  const usable = [httpProxy, httpsProxy].every((address) => address === "" || URL.canParse(address));
  return usable ? { httpProxy, httpsProxy, noProxy } : undefined;
}
