import { array, bool, int, ints, members, passwordString, record, string, strings } from "../results.js";

/* Reply members of Tencent Cloud SSL about certificates, CSRs and the account's log. */

const tag = members({ TagKey: string(), TagValue: string() });

const certificateExtra = {
  DomainNumber: string(),
  OriginCertificateId: string(),
  ReplacedBy: string(),
  ReplacedFor: string(),
  RenewOrder: string(),
  SMCert: int(),
  CompanyType: int(),
  ServiceRenewCertificateId: string(),
  ServiceOriginCertificateId: string(),
};

/** Members in every description of a certificate. */
const certificateBasics = {
  OwnerUin: string(),
  ProjectId: string(),
  From: string(),
  CertificateType: string(),
  PackageType: string(),
  ProductZhName: string(),
  Domain: string(),
  Alias: string(),
  Status: int(),
  StatusMsg: string(),
  VerifyType: string(),
  VulnerabilityStatus: string(),
  CertBeginTime: string(),
  CertEndTime: string(),
  ValidityPeriod: string(),
  InsertTime: string(),
  CertificateExtra: record(certificateExtra),
  CertificateId: string(),
  StatusName: string(),
  SubjectAltName: strings(),
  IsVip: bool(),
  IsWildcard: bool(),
  IsDv: bool(),
  IsVulnerability: bool(),
  RenewAble: bool(),
  Deployable: bool(),
  Tags: array(tag),
};

/** Members of a CA certificate, empty for others. */
export const caMembers = {
  CAEncryptAlgorithms: strings(),
  CACommonNames: strings(),
  CAEndTimes: strings(),
};

const dvAuths = members({
  DvAuthKey: string(),
  DvAuthValue: string(),
  DvAuthDomain: string(),
  DvAuthPath: string(),
  DvAuthSubDomain: string(),
  DvAuthVerifyType: string(),
});

const dvAuthDetail = {
  DvAuthKey: string(),
  DvAuthValue: string(),
  DvAuthDomain: string(),
  DvAuthPath: string(),
  DvAuthKeySubDomain: string(),
  DvAuths: array(dvAuths),
};

const submittedData = {
  CsrType: string(),
  CsrContent: string(),
  CertificateDomain: string(),
  DomainList: strings(),
  KeyPassword: passwordString(),
  OrganizationName: string(),
  OrganizationDivision: string(),
  OrganizationAddress: string(),
  OrganizationCountry: string(),
  OrganizationCity: string(),
  OrganizationRegion: string(),
  PostalCode: string(),
  PhoneAreaCode: string(),
  PhoneNumber: string(),
  AdminFirstName: string(),
  AdminLastName: string(),
  AdminPhoneNum: string(),
  AdminEmail: string(),
  AdminPosition: string(),
  ContactFirstName: string(),
  ContactLastName: string(),
  ContactNumber: string(),
  ContactEmail: string(),
  ContactPosition: string(),
  VerifyType: string(),
};

/** Members common to DescribeCertificate and DescribeCertificateDetail. */
export const certificateMembers = {
  ...certificateBasics,
  OrderId: string(),
  DvAuthDetail: record(dvAuthDetail),
  VulnerabilityReport: string(),
  SubmittedData: record(submittedData),
  DvRevokeAuthDetail: array(dvAuths),
};

export const rootCertificates = { Sign: string(), Encrypt: string(), Standard: string() };

export const certBasicInfo = members({
  Issuer: string(),
  Subject: string(),
  Fingerprint: string(),
  ValidFrom: string(),
  ValidTo: string(),
});

const projectInfo = {
  ProjectName: string(),
  ProjectCreatorUin: int(),
  ProjectCreateTime: string(),
  ProjectResume: string(),
  OwnerUin: int(),
  ProjectId: string(),
};

const supportDownloadType = {
  NGINX: bool(),
  APACHE: bool(),
  TOMCAT: bool(),
  IIS: bool(),
  JKS: bool(),
  OTHER: bool(),
  ROOT: bool(),
};

const hostingConfig = {
  ReplaceTime: int(),
  MessageTypes: ints(),
  ReplaceStartTime: string(),
  ReplaceEndTime: string(),
};

/** One row of the certificate list. */
export const certificates = members({
  ...certificateBasics,
  ...caMembers,
  PackageTypeName: string(),
  ProjectInfo: record(projectInfo),
  BoundResource: strings(),
  IsIgnore: bool(),
  IsSM: bool(),
  EncryptAlgorithm: string(),
  PreAuditInfo: record({ TotalPeriod: int(), NowPeriod: int(), ManagerId: string() }),
  AutoRenewFlag: int(),
  HostingStatus: int(),
  HostingCompleteTime: string(),
  HostingRenewCertId: string(),
  HasRenewOrder: string(),
  ReplaceOriCertIsDelete: bool(),
  IsExpiring: bool(),
  DVAuthDeadline: string(),
  ValidationPassedTime: string(),
  CertSANs: strings(),
  AwaitingValidationMsg: string(),
  AllowDownload: bool(),
  IsDNSPODResolve: bool(),
  IsPackage: bool(),
  KeyPasswordCustomFlag: bool(),
  SupportDownloadType: record(supportDownloadType),
  CertRevokedTime: string(),
  HostingResourceTypes: strings(),
  HostingConfig: record(hostingConfig),
  IsHostingUploadRenewCert: bool(),
  ServiceId: string(),
  ServiceStatus: string(),
  CertServiceBeginTime: string(),
  CertServiceEndTime: string(),
  CertServiceShareEnabled: bool(),
  CertServiceValidCertificateCount: int(),
});

/** Members common to DescribeCSR and each row of DescribeCSRSet. */
export const csrMembers = {
  Id: int(),
  OwnerUin: string(),
  Domain: string(),
  Organization: string(),
  Department: string(),
  Email: string(),
  Province: string(),
  City: string(),
  Country: string(),
  Remarks: string(),
  Status: int(),
  CreateTime: string(),
  EncryptAlgo: string(),
  KeyParameter: string(),
};

export const operationLog = members({
  Action: string(),
  CreatedOn: string(),
  Uin: string(),
  SubAccountUin: string(),
  CertId: string(),
  Type: string(),
});
