const KIB = 1024;

/**
 * All size limits in one place. Input from a caller, a cloud or a TLS peer is checked against these before any work
 * whose cost grows faster than its length. Limits from the vendors' documents are in the operations; these cover what
 * the documents leave open, and each is far above what occurs in practice.
 */
export const limits = {
  /** Arguments of a call. */
  argument: {
    /** Characters of an ordinary text. The longest documented one is an organisation's address. */
    text: 4_096,
    /** Characters of PEM. Huawei Cloud accepts chains of 12,288; a chain of ten RSA 4096 certificates has 25,000. */
    pem: 64 * KIB,
    /** Characters of a letter in base64: Tencent Cloud accepts 1.4 MB. */
    letter: 2_000_000,
    /** Items of a list without a documented limit; documented limits of Tencent Cloud are 100 ids. */
    items: 100,
    /** EdgeOne hosts per call; each is a line of the plan that a person reads. */
    hosts: 300,
    /** Targets per job: each is read beforehand and sent separately, at 10 calls a second. */
    targets: 100,
    /** All values, including nested ones: 300 hosts take 300. */
    values: 2_000,
    /** Nesting depth of lists and objects; the documents need four. */
    depth: 16,
  },
  /** Certificates that belong together: a leaf and its chain. Public chains have two to four. */
  chain: {
    certificates: 10,
    /** Bytes per certificate; one with 250 names has 8,000. */
    certificateBytes: 32 * KIB,
    /** Issuers of the same name whose key is tried for one signature. */
    issuersTried: 3,
    /** Names of a certificate listed in a reply; public authorities issue at most 250. */
    names: 250,
  },
  /** Keys: the clouds accept RSA up to `acceptedRsaBits` and the NIST curves. */
  key: {
    acceptedRsaBits: 4_096,
    rsaBits: 8_192,
    /** Public exponents are 3 to 65537; OpenSSL accepts longer ones, which take longer to verify. */
    exponentBits: 64,
    /** Bytes of an encoded private key; RSA 8192 has 4,700. */
    bytes: 8 * KIB,
    /**
     * Rounds of key derivation for an encrypted key: OpenSSL's default is 2,048, and OWASP recommends 600,000 for
     * PBKDF2 with SHA-256, which takes a tenth of a second.
     */
    iterations: 600_000,
    /** The same for scrypt: cost times block size times parallelism; 131,072 is OpenSSL's default. */
    scrypt: 131_072,
  },
  /** The ZIP from DownloadCertificate: one certificate in the layouts of four servers, about 20 files and 60 KB. */
  archive: {
    zippedBytes: 256 * KIB,
    fileBytes: 128 * KIB,
    totalBytes: 1024 * KIB,
    files: 200,
    /** Distinct ones: the same chain is in several files. */
    certificates: 20,
    keys: 4,
  },
  /** A file or variable that a reference names. */
  reference: { bytes: 128 * KIB },
} as const;
