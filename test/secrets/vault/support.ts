import { strToU8, type Zippable, zipSync } from "fflate";
import type { NewEntry } from "../../../src/secrets/vault/vault.js";
import type { Material } from "../references/support.js";

/** A ZIP of these files in base64, as DownloadCertificate hands it out. */
export function zipped(files: Readonly<Record<string, string | Uint8Array>>): string {
  const entries: Zippable = Object.fromEntries(
    Object.entries(files).map(([name, data]) => [name, typeof data === "string" ? strToU8(data) : data]),
  );
  return Buffer.from(zipSync(entries)).toString("base64");
}

/** The layout of docs/cloud-behaviour.md 3.6. */
export function archiveOf({ leaf, intermediate, key, csr }: Material): string {
  return zipped({
    "Nginx/1_www.example.com_bundle.crt": leaf + intermediate,
    "Nginx/2_www.example.com.key": key,
    "Apache/1_root_bundle.crt": intermediate,
    "Apache/2_www.example.com.crt": leaf,
    "Apache/3_www.example.com.key": key.replaceAll("\n", "\r\n"),
    "Tomcat/www.example.com.jks": new Uint8Array([0xfe, 0xed, 0xfe, 0xed]),
    "Tomcat/keystorePass.txt": "a password",
    "www.example.com.csr": csr,
    "www.example.com.pem": leaf + intermediate,
    "www.example.com.key": key,
  });
}

/** An entry as it comes from a reply. */
export function entryOf(content: NewEntry["content"], text: string, owner?: string): NewEntry {
  return { content, text, operation: "DescribeCertificateDetail", member: "Member", owner };
}
