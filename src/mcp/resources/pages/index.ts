/** Reference pages in Markdown, built from the catalogue only. */
export { errorCodesOf, errorPage } from "./error.js";
export { operationNames, operationPage } from "./operation.js";
