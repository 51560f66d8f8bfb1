/** Reference pages in Markdown, made from the catalogue alone. */
export { errorCodesOf, errorPage } from "./error.js";
export { operationNames, operationPage } from "./operation.js";
