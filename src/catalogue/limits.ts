const KIB = 1024;

/**
 * How much of everything is taken, in one place: what a caller, a cloud or a TLS peer sends is held against these before
 * any work whose cost grows faster than its length. Where the vendors' documents name a limit, the operation itself has
 * it; these are for all that they leave open, and each is far above what is met in practice.
 */
export const limits = {
  /** Arguments of a call. */
  argument: {
    /** Characters of an ordinary text. The longest that the documents describe is an organisation's address. */
    text: 4_096,
    /** Characters of PEM. Huawei Cloud takes chains of 12,288; a chain of ten RSA 4096 certificates has 25,000. */
    pem: 64 * KIB,
    /** Characters of a letter in base64: the 1.4 MB that Tencent Cloud takes. */
    letter: 2_000_000,
    /** Items of a list for which the documents name no number: Tencent Cloud takes 100 ids in those for which they do. */
    items: 100,
    /** EdgeOne hosts of one call, each of which is a line of the plan that a person reads. */
    hosts: 300,
    /** Targets of one job: each is read beforehand and sent by itself, at 10 calls a second. */
    targets: 100,
    /** Values in all, those inside of others included: 300 hosts take 300. */
    values: 2_000,
    /** Levels of lists and objects inside of each other; the documents need four. */
    depth: 16,
  },
  /** Certificates that belong together: a leaf with its chain. Public chains have two to four. */
  chain: {
    certificates: 10,
    /** Bytes of one certificate; one with 250 names has 8,000. */
    certificateBytes: 32 * KIB,
    /** Issuers of the same name whose key is tried for one signature. */
    issuersTried: 3,
    /** Names of a certificate that a reply lists; public authorities put 250 at most into one. */
    names: 250,
  },
  /** Keys: the clouds take RSA up to 4096 bits and the NIST curves. */
  key: {
    rsaBits: 8_192,
    /** Public exponents are 3 to 65537; OpenSSL takes longer ones, and needs longer for them. */
    exponentBits: 64,
    /** Bytes of an encoded private key; RSA 8192 has 4,700. */
    bytes: 8 * KIB,
    /**
     * Rounds by which the key of an encrypted key is made from its password: 2,048 is OpenSSL's default, and 600,000
     * what OWASP advises for PBKDF2 with SHA-256; they take a tenth of a second.
     */
    iterations: 600_000,
    /** The same for scrypt: cost, block size and parallelism multiplied; 131,072 is OpenSSL's default. */
    scrypt: 131_072,
  },
  /** The ZIP that DownloadCertificate hands out: one certificate laid out for four servers, some 20 files of 60 KB. */
  archive: {
    zippedBytes: 256 * KIB,
    fileBytes: 128 * KIB,
    totalBytes: 1024 * KIB,
    files: 200,
    /** Different ones: the same chain stands in several files. */
    certificates: 20,
    keys: 4,
  },
  /** A file or variable that a reference names. */
  reference: { bytes: 128 * KIB },
} as const;
