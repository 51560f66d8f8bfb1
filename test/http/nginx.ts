import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { integration } from "../integrations/paths.js";

/** nginx with the configuration that the project hands out, in front of other servers and with another certificate. */
export interface Nginx {
  readonly origin: string;
  end(): Promise<void>;
}

export interface NginxOptions {
  /** Ports of loopback; without them it is in front of the addresses that are handed out. */
  readonly servers: readonly number[];
  readonly port: number;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

export async function startNginx({ servers, port, certificatePem, privateKeyPem }: NginxOptions): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), "cc-nginx-"));
  writeFileSync(join(folder, "fullchain.pem"), certificatePem);
  writeFileSync(join(folder, "privkey.pem"), privateKeyPem);
  const given = readFileSync(integration("team/nginx.conf"), "utf8");
  const adapted = servers
    .reduce((text, at, index) => text.replace(`172.30.7.1${index + 1}:8080`, `127.0.0.1:${at}`), given)
    .replace("listen 443 ssl", `listen 127.0.0.1:${port} ssl`)
    .replaceAll("/etc/nginx/tls/", `${folder}/`)
    .replace("/tmp/nginx.pid", `${folder}/nginx.pid`)
    // The folders of the Debian package belong to root.
    .replace(
      "access_log off;",
      `access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;`,
    );
  writeFileSync(join(folder, "nginx.conf"), adapted);
  const child = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf"), "-g", "daemon off;"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  await listening(child, port);
  return {
    origin: `https://localhost:${port}`,
    end: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error("nginx did not start");
    const socket = connect(port, "127.0.0.1");
    const reached = await new Promise<boolean>((resolve) =>
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false)),
    );
    socket.destroy();
    if (reached) return;
  }
}
