import { connect as connectIn } from "./sdk-v2.js";

export const connect = (server) => connectIn(server, "auto");
