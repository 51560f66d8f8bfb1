export { runSandbox } from "./main.js";
export { startSandbox } from "./server.js";
