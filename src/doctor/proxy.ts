import { once } from "node:events";
import { connect } from "node:net";
import { type ProxySettings, proxyFrom } from "../cloud/proxy.js";
import { faultInAnswer } from "./answer.js";
import { type Check, type DoctorFinding, failure, ok } from "./finding.js";

/** Longest wait for a proxy, in milliseconds. */
const PATIENCE = 5_000;

export const proxy: Check = {
  name: "proxy",
  run: async ({ env }) => {
    const settings = proxyFrom(env);
    return [settings === undefined ? ok("None is set (HTTPS_PROXY).") : await reach(settings)];
  },
};

/** The address may hold a password, so only host and port are shown. */
async function reach({ address, except }: ProxySettings): Promise<DoctorFinding> {
  const { hostname, port, protocol } = address;
  const usual = protocol === "https:" ? 443 : 80;
  const place = `${hostname}:${port || usual}`;
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || usual) });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(PATIENCE) });
    return ok(`${place} takes connections (HTTPS_PROXY). Not for ${except}.`);
  } catch (error) {
    return failure(
      `The proxy ${place} cannot be reached: ${faultInAnswer(error)} (HTTPS_PROXY).`,
      `Start the proxy or correct HTTPS_PROXY; add hosts that are reached without it to NO_PROXY.`,
    );
  } finally {
    socket.destroy();
  }
}
