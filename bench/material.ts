/** Realistic parameters of calls: a small one of each kind, and one with a chain and a key. */

const line = "MIIFazCCA1OgAwIBAgIRAIIQz7DSQONZRGPgu2OCiwAwDQYJKoZIhvcNAQELBQAw";

function pem(label: string, lines: number): string {
  return [`-----BEGIN ${label}-----`, ...Array(lines).fill(line), `-----END ${label}-----`, ""].join("\n");
}

/** A chain of two RSA-4096 certificates and one root. */
export const chain = pem("CERTIFICATE", 35) + pem("CERTIFICATE", 35) + pem("CERTIFICATE", 28);
/** RSA-2048. */
export const key = pem("PRIVATE KEY", 26);

export const credentials = {
  tencent: { secretId: "AKIDbenchbenchbenchbenchbenchbench", secretKey: "benchbenchbenchbenchbenchbench12" },
  alibaba: { accessKeyId: "LTAI5tbenchbenchbenchben", accessKeySecret: "benchbenchbenchbenchbenchbench" },
  huawei: { accessKey: "BENCHBENCHBENCHBENCH", secretKey: "benchbenchbenchbenchbenchbenchbenchbench" },
} as const;

export const projectId = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
