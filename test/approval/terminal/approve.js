// `cloudcert-mcp approve` by itself: node approve.js <directory of sockets>...
import { runApprove } from "../../../build/src/approval/terminal/command.js";
import { forTheRecord } from "../../../build/src/lib/language.js";

const terminal = { input: process.stdin, output: process.stdout, error: process.stderr };
process.exit(await runApprove(terminal, process.argv.slice(2), forTheRecord));
