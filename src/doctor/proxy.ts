import { once } from "node:events";
import { connect } from "node:net";
import { faultIn } from "./answer.js";
import { type Check, type Finding, failure, ok } from "./finding.js";
import { proxyVariables } from "./proxy-settings.js";

/** Longest wait for a proxy, in milliseconds. */
const PATIENCE = 5_000;

export const proxy: Check = {
  name: "proxy",
  run: async ({ env }) => {
    const { httpProxy, httpsProxy, noProxy } = proxyVariables(env);
    const set = [
      ["HTTPS_PROXY", httpsProxy],
      ["HTTP_PROXY", httpProxy],
    ].filter(([, address]) => address !== "");
    if (set.length === 0) return [ok("None is set (HTTPS_PROXY).")];
    const except = noProxy === "" ? "" : ` Not for ${noProxy}.`;
    return Promise.all(set.map(([name = "", address = ""]) => reach(name, address, except)));
  },
};

/** The address may hold a password, so that only host and port are told. */
async function reach(name: string, address: string, except: string): Promise<Finding> {
  if (!URL.canParse(address)) {
    return failure(`${name} is not a URL.`, "Write it as http://HOST:PORT.");
  }
  const { hostname, port, protocol } = new URL(address);
  const usual = protocol === "https:" ? 443 : 80;
  const place = `${hostname}:${port || usual}`;
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || usual) });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(PATIENCE) });
    return ok(`${place} takes connections (${name}).${except}`);
  } catch (error) {
    return failure(
      `The proxy ${place} cannot be reached: ${faultIn(error)} (${name}).`,
      `Start the proxy or correct ${name}; add hosts that are reached without it to NO_PROXY.`,
    );
  } finally {
    socket.destroy();
  }
}
