import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { freePorts } from "../support/ports.js";
import { end } from "./processes.js";

const day = 24 * 3600_000;

/** Pebble, the ACME server of Let's Encrypt for tests, on loopback. It validates: every name leads to 127.0.0.1. */
export interface Pebble {
  readonly directory: string;
  /** A file with the root of the server's own TLS certificate: ACME clients must trust it. */
  readonly serverRoot: string;
  /** Root of the certificates that it issues, in PEM. */
  readonly root: string;
  /** Where it looks for answers to HTTP-01 challenges. */
  readonly challengePort: number;
  close(): Promise<void>;
}

/**
 * @param folder for its files
 * @param validityDays of what it issues
 */
export async function startPebble(folder: string, validityDays: number): Promise<Pebble> {
  mkdirSync(folder, { recursive: true });
  const [acme = 0, management = 0, dns = 0, control = 0, challengePort = 0, tlsPort = 0] = await freePorts(6);
  const now = new Date();
  const authority = await CertificateAuthority.create(now);
  const { certificatePem, privateKeyPem } = await authority.issue({
    names: ["localhost"],
    notBefore: now,
    notAfter: new Date(now.getTime() + day),
    key: "EC-P256",
  });
  const write = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const serverRoot = write("server-root.pem", authority.rootPem);
  const config = {
    listenAddress: `127.0.0.1:${acme}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: write("server.pem", certificatePem),
    privateKey: write("server.key", privateKeyPem),
    httpPort: challengePort,
    tlsPort,
    ocspResponderURL: "",
    externalAccountBindingRequired: false,
    certificateValidityPeriod: (validityDays * day) / 1000,
  };
  const names = ["-dns01", `127.0.0.1:${dns}`, "-management", `127.0.0.1:${control}`];
  const onlyNames = ["-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", ""];
  const configuration = ["-config", write("config.json", JSON.stringify({ pebble: config }))];
  const children = [
    spawn("pebble-challtestsrv", [...names, ...onlyNames], { stdio: "ignore" }),
    spawn("pebble", [...configuration, "-dnsserver", `127.0.0.1:${dns}`], {
      // Neither the pauses nor the refused nonces with which it tries out ACME clients.
      env: { PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: "0" },
      stdio: "ignore",
    }),
  ];
  const close = async () => void (await Promise.all(children.map(end)));
  try {
    await Promise.all([answering(acme, children), answering(management, children), answering(control, children)]);
    const root = await fetched(`https://localhost:${management}/roots/0`, authority.rootPem);
    return { directory: `https://localhost:${acme}/dir`, serverRoot, root, challengePort, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Resolves once something answers at the port, which the programs do not tell; fails if one of them ends before. */
async function answering(port: number, children: readonly ChildProcess[]): Promise<void> {
  while (children.every(({ exitCode }) => exitCode === null)) {
    const socket = connect(port, "127.0.0.1");
    const answers = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (answers) return;
    await setTimeout(20);
  }
  throw new Error("pebble or pebble-challtestsrv did not start");
}

async function fetched(url: string, ca: string): Promise<string> {
  const [response] = await once(get(url, { ca }), "response");
  return text(response);
}
