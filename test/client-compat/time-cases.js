/** After how many seconds the person decides. */
export const persons = [1, 35, 58, 70, 200, Number.POSITIVE_INFINITY];

/**
 * What is done: the call, what the person types, and the change that the clouds get.
 * @param {(alias: string) => Promise<string>} certificate the id of the certificate with this remark
 */
export const kinds = {
  deployment: async (certificate) => ({
    name: "deploy_certificate",
    args: {
      certificate_id: await certificate("storefront, next"),
      targets: [{ service: "alibaba-cdn", domains: ["img.example.com"] }],
    },
    typed: "",
    operation: "SetCdnDomainSSLCertificate",
  }),
  delete: async (certificate) => {
    const CertificateId = await certificate("mail");
    return {
      name: "DeleteCertificate",
      args: { CertificateId },
      typed: CertificateId,
      operation: "DeleteCertificate",
    };
  },
  purchase: async () => ({
    name: "CreateCertificate",
    args: { ProductId: 12, DomainNum: 1, TimeSpan: 1 },
    typed: "product 12",
    operation: "CreateCertificate",
  }),
};
