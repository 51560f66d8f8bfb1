import { hasKeytool, knowsSm2, names, serverWith, signs, Workshop } from "./workshop.js";

/** Makes the files that the rows are about: what public authorities issue today, and what people have on their disks. */
export function makeCorpus(): Workshop {
  const made = new Workshop();
  makeAuthorities(made);
  makeSubjects(made);
  makeNames(made);
  makeDates(made);
  makeKeys(made);
  makeExtensions(made);
  makeChains(made);
  makeEncodings(made);
  makeArchives(made);
  return made;
}

const under = (made: Workshop, name: string, order: Parameters<Workshop["certificate"]>[1] = {}) => {
  made.certificate(`${name}-leaf`, { by: "int", ...order });
  made.join(`${name}.crt`, `${name}-leaf.crt`, `${order.by ?? "int"}.crt`);
};

function makeAuthorities(made: Workshop): void {
  made.ecKey("leaf");
  made.ecKey("other");
  made.key("rsa", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048");
  made.authority("root");
  made.authority("int", { by: "root" });
  made.authority("lower", { by: "int" });
  made.authority("alien");
  made.authority("rsa-ca", { key: "rsa", more: ["-sha1"] });
  made.run("cp", "rsa.key", "rsa-ca.key");
  made.authority("nameless", { subject: "" });
  made.authority("stale", { by: "root", from: -400, to: -10 });
  made.ecKey("double");
  made.authority("double", { key: "double", subject: "/CN=Corpus int" });
}

function makeSubjects(made: Workshop): void {
  const critical = names.replace("=", "=critical,");
  under(made, "classic");
  under(made, "tlsserver", { subject: "", extensions: serverWith(critical, signs) });
  under(made, "shortlived", { subject: "", extensions: serverWith(critical, signs), to: 5.6 });
  under(made, "soft-names", { subject: "", extensions: serverWith(names, signs) });
  under(made, "nameless-issuer", { by: "nameless" });
  made.certificate("nameless-both", { by: "nameless", subject: "", extensions: serverWith(critical, signs) });
  under(made, "ev", { subject: "/C=CN/ST=广东省/L=深圳市/O=示例科技有限公司/CN=shop.example.com" });
  under(made, "namesake", { subject: "/CN=Corpus int" });
}

function makeNames(made: Workshop): void {
  const named = (name: string, san: string, subject?: string) =>
    under(made, name, { extensions: serverWith(`subjectAltName=${san}`, signs), ...(subject && { subject }) });
  named("address", "DNS:shop.example.com,IP:192.0.2.7,IP:2001:db8::7");
  named("address-as-dns", "DNS:192.0.2.7");
  named("wildcard", "DNS:*.example.com,DNS:example.com");
  named("wildcard-twice", "DNS:*.*.example.com");
  named("wildcard-within", "DNS:w*.example.com");
  named("wildcard-alone", "DNS:*");
  named("uri-alone", "URI:https://shop.example.com,email:shop@example.com");
  named("utf8", "DNS:bücher.example.com", "/CN=bücher.example.com");
  named("a-label", "DNS:xn--bcher-kva.example.com");
  named("capitals", "DNS:Shop.Example.COM");
  named("dot", "DNS:shop.example.com.");
  named("url", "DNS:https://shop.example.com");
  named("underscore", "DNS:_dmarc.shop_1.example.com");
  named("long-label", `DNS:${"a".repeat(64)}.example.com`);
  named("long", `DNS:${"abcdefgh.".repeat(27)}example.com`);
  named("hundred", Array.from({ length: 100 }, (_, at) => `DNS:host-${at}.example.com`).join(","));
  under(made, "common-name", { extensions: serverWith(signs) });
  under(made, "common-name-utf8", { extensions: serverWith(signs), subject: "/CN=bücher.example.com" });
}

function makeDates(made: Workshop): void {
  under(made, "expired", { from: -100, to: -10 });
  under(made, "future", { from: 3, to: 93 });
  under(made, "tomorrow", { from: -89, to: 1.2 });
  under(made, "endless", { to: Number.POSITIVE_INFINITY });
  under(made, "decade", { to: 3650 });
  under(made, "stale-issuer", { by: "stale" });
  under(made, "year", { from: -10, to: 387 });
}

function makeKeys(made: Workshop): void {
  for (const curve of ["secp384r1", "secp521r1", "secp256k1", "brainpoolP256r1", "secp224r1"]) made.ecKey(curve, curve);
  made.ecKey("explicit", "prime256v1", "-pkeyopt", "ec_param_enc:explicit");
  made.key("ed25519", "-algorithm", "ED25519");
  made.key("ed448", "-algorithm", "ED448");
  made.key("rsa1024", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024");
  made.key("rsa-pss", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048");
  made.run("openssl", "dsaparam", "-genkey", "-noout", "-out", "dsa.key", "1024");
  if (knowsSm2) made.key("sm2", "-algorithm", "SM2");
  const kinds = ["rsa", "secp384r1", "secp521r1", "secp256k1", "brainpoolP256r1", "secp224r1", "explicit"];
  const others = ["ed25519", "ed448", "rsa1024", "rsa-pss", "dsa", ...(knowsSm2 ? ["sm2"] : [])];
  for (const key of [...kinds, ...others]) under(made, `key-${key}`, { key });
  under(made, "sha1", { by: "rsa-ca", more: ["-sha1"] });
  under(made, "md5", { by: "rsa-ca", more: ["-md5"] });
  under(made, "pss-signed", { by: "rsa-ca", more: ["-sigopt", "rsa_padding_mode:pss"] });
  for (const [name, serial] of [
    ["negative", "-5"],
    ["zero", "0"],
    ["twenty", `0x7f${"ab".repeat(19)}`],
    ["long", `0x7f${"ab".repeat(20)}`],
  ] as const) {
    under(made, `serial-${name}`, { more: ["-set_serial", serial] });
  }
}

function makeExtensions(made: Workshop): void {
  under(made, "no-key-usage", { extensions: serverWith(names) });
  under(made, "enciphers", { extensions: serverWith(names, "keyUsage=critical,keyEncipherment"), key: "rsa" });
  under(made, "must-staple", { extensions: serverWith(names, signs, "tlsfeature=status_request") });
  const poison = "1.3.6.1.4.1.11129.2.4.3=critical,ASN1:NULL";
  under(made, "precertificate", { extensions: serverWith(names, signs, poison) });
  under(made, "unknown-critical", { extensions: serverWith(names, signs, "1.2.3.4=critical,ASN1:NULL") });
  under(made, "client", { extensions: ["basicConstraints=CA:FALSE", "extendedKeyUsage=clientAuth", names, signs] });
  const place = "authorityInfoAccess=caIssuers;URI:http://ca.example.org/int.crt";
  made.certificate("with-place", { by: "int", extensions: serverWith(names, signs, place) });
  made.certificate("req-default", { extensions: ["basicConstraints=critical,CA:TRUE", names] });
  made.certificate("self-signed", { extensions: serverWith(names, signs) });
}

function makeChains(made: Workshop): void {
  const leaf = "classic-leaf.crt";
  made.certificate("deep", { by: "lower" });
  made.join("two-levels.crt", "deep.crt", "lower.crt", "int.crt");
  made.join("shuffled.crt", "deep.crt", "int.crt", "lower.crt");
  made.join("reversed.crt", "int.crt", "lower.crt", "deep.crt");
  made.join("with-root.crt", leaf, "int.crt", "root.crt");
  made.join("twice.crt", leaf, leaf, "int.crt", "int.crt");
  made.join("with-alien.crt", leaf, "int.crt", "alien.crt");
  made.join("two-leaves.crt", leaf, "a-label-leaf.crt", "int.crt");
  made.join("without-middle.crt", leaf, "root.crt");
  made.join("bundle.crt", "int.crt", "root.crt");
  made.join("same-name.crt", leaf, "double.crt");
  made.join("sha1-root.crt", "key-rsa-leaf.crt", "int.crt");
  made.authority("old-root");
  made.authority("cross", { key: "root", subject: "/CN=Corpus root", by: "old-root", from: -900, to: -30 });
  made.join("expired-cross.crt", leaf, "int.crt", "cross.crt");
}

function makeEncodings(made: Workshop): void {
  const pem = made.read("classic.crt");
  const leaf = made.read("classic-leaf.crt");
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(pem, "utf16le")]);
  made.write("der.cer", made.run("openssl", "x509", "-in", "classic-leaf.crt", "-outform", "der"));
  made.write("utf16le.crt", marked);
  made.write("utf16be.crt", Buffer.from(marked).swap16());
  made.write("bom.crt", `\ufeff${pem}`);
  made.write("crlf.crt", pem.replaceAll("\n", "\r\n"));
  made.write("cr.crt", pem.replaceAll("\n", "\r"));
  made.write("base64.txt", base64(pem));
  made.write("base64-der.txt", leaf.replace(/-----.*-----/g, ""));
  made.write("escaped.txt", pem.replaceAll("\n", "\\n"));
  made.write("indented.yaml", pem.replace(/^/gm, "    "));
  made.write(
    "x509-label.crt",
    pem.replaceAll("CERTIFICATE-----", "X509 CERTIFICATE-----").replaceAll("X509 X509", "X509"),
  );
  made.write(
    "trusted.crt",
    made.run("openssl", "x509", "-in", "classic-leaf.crt", "-trustout", "-addtrust", "serverAuth"),
  );
  made.write("dump.crt", made.run("openssl", "x509", "-in", "classic-leaf.crt", "-text"));
  made.write("bag.crt", `Bag Attributes\n    localKeyID: 01 02\nsubject=CN = shop.example.com\n\n${pem}`);
  made.write("glued.crt", `${leaf.trimEnd()}${made.read("int.crt")}`);
  made.join("all.pem", "leaf.key", "classic.crt");
  made.write("zero-width.crt", pem.replace(/\n(.{10})/, "\n$1\u200b"));
  made.write("no-end.crt", leaf.replace("-----END CERTIFICATE-----\n", ""));
  made.write("empty.crt", "");
  made.write("page.html", "<!doctype html><title>Sign in</title>");
  made.run("openssl", "pkey", "-in", "leaf.key", "-pubout", "-out", "public.pem");
  made.run("openssl", "req", "-new", "-key", "leaf.key", "-subj", "/CN=shop.example.com", "-out", "request.csr");
  made.run(
    "openssl",
    "ca",
    "-gencrl",
    "-config",
    "ca.cnf",
    "-cert",
    "int.crt",
    "-keyfile",
    "int.key",
    "-crldays",
    "9",
    "-out",
    "list.crl",
  );
  made.run("openssl", "ec", "-in", "leaf.key", "-out", "sec1.key");
  made.write(
    "parameters.key",
    made.run("openssl", "ecparam", "-name", "prime256v1").toString() + made.read("sec1.key"),
  );
  made.write("password.txt", "corpus secret");
  const passed = ["-passout", "file:password.txt"];
  made.run("openssl", "pkcs8", "-topk8", "-in", "leaf.key", "-v2", "aes-256-cbc", ...passed, "-out", "encrypted.key");
  made.run("openssl", "ec", "-in", "leaf.key", "-aes128", ...passed, "-out", "encrypted-sec1.key");
  made.write(
    "openssh.key",
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${base64("openssh-key-v1\0 and more")}\n-----END OPENSSH PRIVATE KEY-----\n`,
  );
}

function makeArchives(made: Workshop): void {
  const pkcs12 = ["pkcs12", "-export", "-in", "classic.crt", "-inkey", "leaf.key", "-passout", "pass:changeit"];
  made.run("openssl", ...pkcs12, "-out", "aes.pfx");
  made.run("openssl", ...pkcs12, "-legacy", "-out", "rc2.pfx");
  made.run(
    "openssl",
    ...pkcs12,
    "-certpbe",
    "PBE-SHA1-3DES",
    "-keypbe",
    "PBE-SHA1-3DES",
    "-macalg",
    "sha1",
    "-out",
    "3des.pfx",
  );
  made.run("openssl", "crl2pkcs7", "-nocrl", "-certfile", "classic.crt", "-out", "chain.p7b");
  made.run("openssl", "crl2pkcs7", "-nocrl", "-certfile", "classic.crt", "-outform", "der", "-out", "binary.p7b");
  made.write("certnew.p7b", made.read("chain.p7b").replaceAll("PKCS7", "CERTIFICATE"));
  const base64 = (name: string) => made.bytes(name).toString("base64");
  const members = `data:\n  tls.crt: ${base64("classic.crt")}\n  tls.key: ${base64("leaf.key")}\n`;
  made.write("secret.yaml", `apiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\n${members}`);
  made.write("site.ppk", "PuTTY-User-Key-File-3: ecdsa-sha2-nistp256\n");
  if (!hasKeytool) return;
  const to = (type: string, file: string) => [
    "-destkeystore",
    file,
    "-deststoretype",
    type,
    "-deststorepass",
    "changeit",
  ];
  const from = ["-importkeystore", "-noprompt", "-srckeystore", "3des.pfx", "-srcstorepass", "changeit"];
  made.run("keytool", ...from, ...to("JKS", "store.jks"));
  made.run("keytool", ...from, ...to("PKCS12", "java.p12"));
}
