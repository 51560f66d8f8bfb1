import { cspHash } from "../../lib/sha256.js";

/** The page's only style sheet. Every text and background pair meets WCAG AA contrast, light and dark. */
export const style = `
:root{color-scheme:light dark;
--page:#f3f4f6;--card:#fff;--sunk:#f6f7f9;--line:#d5dae1;--field:#79828f;--text:#1a1f26;--muted:#57606c;
--accent:#0b57d0;--on-accent:#fff;--danger:#b3261e;--on-danger:#fff;--good:#17693a;
--warn-ground:#fff5dc;--warn-line:#d99a00;--warn-text:#533c00;--danger-ground:#fdecea}
@media (prefers-color-scheme:dark){:root{
--page:#0e1115;--card:#171b21;--sunk:#1e232a;--line:#333a44;--field:#7d8793;--text:#e7eaef;--muted:#a3acb8;
--accent:#a8c7fa;--on-accent:#062e6f;--danger:#f5b5af;--on-danger:#5c110c;--good:#84d6a1;
--warn-ground:#2c2410;--warn-line:#c98f10;--warn-text:#f5dfa3;--danger-ground:#331b1a}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);overflow-wrap:anywhere;
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
header,main,footer{width:100%;max-width:48rem;margin:0 auto;padding:0 1rem}
header{display:flex;align-items:center;gap:.5rem;padding-top:1.5rem;padding-bottom:.75rem;color:var(--muted);font-size:.875rem}
header svg{width:1.25rem;height:1.25rem;color:var(--accent)}
header b{color:var(--text);font-weight:600}
footer{padding-top:1rem;padding-bottom:2.5rem;color:var(--muted);font-size:.8125rem}
p,h1,h2,dl,dd,ul{margin:0;padding:0}
p{text-wrap:pretty}
svg{flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
code{font:.9375em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
.card{background:var(--card);border:1px solid var(--line);border-radius:.875rem;overflow:hidden}
.card>*{padding:1.25rem 1.5rem}
.card>*+*{border-top:1px solid var(--line)}
.eyebrow{color:var(--accent);font-size:.875rem;font-weight:600}
h1{margin:.25rem 0 .625rem;font-size:1.5rem;line-height:1.3;font-weight:650;letter-spacing:-.01em;text-wrap:balance}
h2{margin-bottom:.625rem;font-size:.875rem;font-weight:600}
.word{display:inline-block;max-width:100%}
.muted{color:var(--muted)}
.effect{display:inline-flex;align-items:flex-start;gap:.5rem;margin-bottom:1rem;padding:.25rem .75rem;border-radius:1rem;
background:var(--sunk);font-size:.9375rem;font-weight:600}
.effect::before{content:"";flex:none;width:.5rem;height:.5rem;margin-top:.47em;border-radius:50%;background:var(--muted)}
.traffic .effect,.purchase .effect{background:var(--warn-ground);color:var(--warn-text)}
.traffic .effect::before,.purchase .effect::before{background:var(--warn-line)}
.destroy .effect{background:var(--danger-ground);color:var(--danger)}
.destroy .effect::before{background:var(--danger)}
.source{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;font-size:.9375rem}
.source dt,.pairs dt{color:var(--muted);font-size:.8125rem}
.warnings{background:var(--warn-ground);color:var(--warn-text)}
.warnings ul{list-style:none;display:grid;gap:.5rem}
.warnings li{display:flex;gap:.625rem;font-weight:500}
.warnings svg{width:1.25rem;height:1.25rem;margin-top:.125rem}
table{width:100%;border-collapse:collapse;table-layout:fixed;font-size:.9375rem}
th,td{padding:.625rem .75rem;text-align:left;vertical-align:top;font-weight:400}
th:first-child{padding-left:0}
thead th{padding-top:0;color:var(--muted);font-size:.8125rem}
tbody tr{border-top:1px solid var(--line)}
tbody th{width:36%}
tbody th b{display:block;font-weight:600}
td.then{font-weight:600;background:var(--sunk);box-shadow:inset 3px 0 var(--accent)}
.destroy td.then{box-shadow:inset 3px 0 var(--danger)}
.label{display:none}
summary{cursor:pointer;font-size:.9375rem;font-weight:600;border-radius:.25rem}
details h2{margin-top:1.25rem}
.pairs{display:grid;grid-template-columns:minmax(8rem,2fr) 5fr;gap:.375rem 1rem;font-size:.875rem}
.pairs dt{padding-top:.0625rem}
.pairs dd{white-space:pre-wrap}
form{background:var(--sunk)}
label{display:block;font-weight:600}
label code{display:inline-block;max-width:100%;padding:.0625rem .375rem;border:1px solid var(--line);border-radius:.3125rem;background:var(--card)}
input[type=text]{display:block;width:100%;margin:.5rem 0 .375rem;padding:.625rem .75rem;border:1px solid var(--field);
border-radius:.5rem;background:var(--card);color:var(--text);font:1rem/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
input:user-invalid{border-color:var(--danger);box-shadow:inset 0 0 0 1px var(--danger)}
.mismatch{display:none;color:var(--danger);font-size:.875rem;font-weight:600}
input:user-invalid+.mismatch{display:block}
.hint{margin-bottom:1.25rem;color:var(--muted);font-size:.875rem}
.buttons{display:flex;justify-content:flex-end;gap:.75rem;margin-bottom:.875rem}
button{min-width:9rem;min-height:2.875rem;padding:.5rem 1.5rem;border:1px solid var(--field);border-radius:.625rem;
background:var(--card);color:var(--text);font:inherit;font-weight:600;cursor:pointer}
button[value=approve]{border-color:transparent;background:var(--accent);color:var(--on-accent)}
.destroy button[value=approve]{background:var(--danger);color:var(--on-danger)}
button:hover{filter:brightness(.94)}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
.deadline{color:var(--muted);font-size:.875rem;text-align:right}
.notice{padding:2.5rem 1.5rem;text-align:center}
.notice svg{width:3rem;height:3rem;color:var(--muted)}
.notice.good svg{color:var(--good)}
.notice.bad svg{color:var(--danger)}
.notice h1{margin-top:.75rem}
.notice .about{max-width:36rem;margin:1rem auto;padding:.75rem 1rem;border-radius:.5rem;background:var(--sunk)}
.notice p{text-wrap:balance}
.notice p+p{margin-top:.75rem}
@media (max-width:35rem){
.card>*{padding:1.125rem 1rem}
h1{font-size:1.3125rem}
.source{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem}
.source div{display:contents}
.source dt{padding-top:.125rem}
table,tbody,tr,th,td{display:block}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tbody{display:grid;gap:.75rem}
tbody tr{border:1px solid var(--line);border-radius:.625rem;overflow:hidden}
tbody th{width:auto;padding:.625rem .75rem}
th:first-child{padding-left:.75rem}
td{display:grid;grid-template-columns:3.5rem 1fr;gap:.5rem;border-top:1px solid var(--line)}
.label{display:block;color:var(--muted);font-size:.8125rem;font-weight:400;padding-top:.125rem}
.pairs{grid-template-columns:1fr;gap:0}
.pairs dd{margin-bottom:.5rem}
.buttons{flex-direction:column}
.deadline{text-align:left}
}
`;

/** Identifies the style sheet in the content security policy. */
export const styleHash = cspHash(style);
