import { style } from "../../approval/page/style.js";
import { cspHash } from "../../lib/sha256.js";

/** The style sheet of the approval page, and what the team's pages have beyond it. */
export const teamStyle = `${style}
header{flex-wrap:wrap}
header b{white-space:nowrap}
header nav{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem 1rem;margin-left:auto}
header form{background:none}
header button{min-width:0;min-height:2rem;padding:.125rem .75rem;font-size:.875rem}
a{color:var(--accent)}
.card+.card{margin-top:1rem}
.list{list-style:none;display:grid;gap:.75rem}
.list a{font-weight:600}
.list a .word{text-decoration:inherit}
.list p{font-size:.875rem}
.told{background:var(--sunk)}
.told ul{list-style:none;display:grid;gap:.25rem;margin-top:.5rem}
.told .button{margin-top:.75rem}
.button{display:inline-block;padding:.625rem 1.5rem;border-radius:.625rem;background:var(--accent);color:var(--on-accent);font-weight:600;text-decoration:none}
.fields{display:grid;gap:1rem}
.fields label+*{margin-top:.375rem}
input[type=file],select,input[type=password]{display:block;width:100%;padding:.625rem .75rem;border:1px solid var(--field);border-radius:.5rem;background:var(--card);color:var(--text);font:inherit}
@media (max-width:35rem){header nav{width:100%;justify-content:space-between}}
.warnings p+ul,.warnings ul+p{margin-top:.5rem}
.plain{border-color:transparent;background:var(--accent);color:var(--on-accent)}
`;

/** Identifies it in the content security policy. */
export const teamStyleHash = cspHash(teamStyle);
