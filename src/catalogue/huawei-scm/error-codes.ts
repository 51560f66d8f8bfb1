/** Codes of the reads of Huawei Cloud's certificate store. */
export const scmErrors: readonly string[] = ["SCM.0003", "SCM.0005", "SCM.0008", "SCM.0010", "SCM.0020"];
