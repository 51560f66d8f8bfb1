/** Loaded on demand: the team's server and its packages, which not every installation has. */

export { serveTeam } from "../http/serve.js";
