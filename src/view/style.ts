/**
 * The style sheet of view and report. Every text and background pair meets WCAG AA contrast, light and dark. The host's
 * theme wins over the system's.
 */
export const viewStyle = `
:root{color-scheme:light dark;
--page:light-dark(#f3f4f6,#0e1115);--card:light-dark(#fff,#171b21);--sunk:light-dark(#f6f7f9,#1e232a);
--line:light-dark(#d5dae1,#333a44);--text:light-dark(#1a1f26,#e7eaef);--muted:light-dark(#57606c,#a3acb8);
--accent:light-dark(#0b57d0,#a8c7fa);--danger:light-dark(#b3261e,#f5b5af);--danger-ground:light-dark(#fdecea,#331b1a);
--warn:light-dark(#7a5200,#f5dfa3);--warn-line:light-dark(#d99a00,#c98f10);--warn-ground:light-dark(#fff5dc,#2c2410);
--good:light-dark(#17693a,#84d6a1);--good-ground:light-dark(#e6f4ea,#13291b)}
:root[data-theme=light]{color-scheme:light}
:root[data-theme=dark]{color-scheme:dark}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);overflow-wrap:anywhere;
font:.9375rem/1.5 var(--font-sans,system-ui),-apple-system,"Segoe UI",Roboto,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
main{max-width:72rem;margin:0 auto;padding:1rem;display:grid;gap:1rem;grid-template-columns:minmax(0,1fr)}
h1,h2,p,ul,dl,dd{margin:0;padding:0}
h1{font-size:1.375rem;line-height:1.3;font-weight:650;text-wrap:balance}
h2{font-size:1rem;font-weight:600}
.muted{color:var(--muted)}
.small,caption{font-size:.8125rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1rem 1.25rem;display:grid;gap:.75rem;
grid-template-columns:minmax(0,1fr)}
.unseen{background:var(--warn-ground);color:var(--warn);border-color:var(--warn-line)}
.failed{background:var(--danger-ground);color:var(--danger);border-color:var(--danger)}
.card ul{padding-left:1.25rem;display:grid;gap:.25rem}
.counts{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem}
.counts div{display:flex;flex-direction:row-reverse;align-items:baseline;gap:.375rem}
.counts dt{color:var(--muted);font-size:.8125rem}
.counts dd{font-size:1.25rem;font-weight:650;font-variant-numeric:tabular-nums}
table{width:100%;border-collapse:collapse;table-layout:fixed}
th,td{padding:.5rem .75rem;text-align:start;vertical-align:top;font-weight:400}
thead th{color:var(--muted);font-size:.8125rem}
tbody tr{border-top:1px solid var(--line)}
th:first-child{padding-left:0}
td:last-child,thead th:last-child{padding-right:0}
tbody th b{font-weight:600}
tbody th span,td span{display:block;unicode-bidi:isolate}
.mark{display:inline-block!important;padding:0 .5rem;border-radius:.625rem;font-size:.8125rem;font-weight:600;
background:var(--sunk);color:var(--muted)}
.mark.bad,.mark.ended,.mark.week{background:var(--danger-ground);color:var(--danger)}
.mark.warn,.mark.month{background:var(--warn-ground);color:var(--warn)}
.mark.good,.mark.quarter,.mark.later{background:var(--good-ground);color:var(--good)}
.bar{display:block;width:100%;height:.375rem;margin-top:.375rem}
.bar .all{fill:var(--line)}
.is-ended .bar .left,.is-week .bar .left{fill:var(--danger)}
.is-month .bar .left{fill:var(--warn-line)}
.is-quarter .bar .left,.is-later .bar .left{fill:var(--good)}
.drifts th{box-shadow:inset 3px 0 var(--danger);padding-left:.75rem}
.overview th,.overview td{padding:.375rem .5rem;text-align:center;font-variant-numeric:tabular-nums}
.overview tbody td{border-radius:.25rem}
.overview th:first-child{text-align:start;width:36%;padding-left:0}
.overview td.none{color:var(--muted)}
.overview td.is-ended,.overview td.is-week{background:var(--danger-ground);color:var(--danger);font-weight:650}
.overview td.is-month{background:var(--warn-ground);color:var(--warn);font-weight:650}
.overview td.is-quarter,.overview td.is-later{background:var(--good-ground);color:var(--good)}
.rows th:first-child{width:30%}
.rows .certificate{width:22%}
.rows .ends{width:20%}
.rows.short th:first-child{width:40%}
.rows.short .certificate,.rows.short .ends{width:30%}
.targets th:first-child{width:22%}
.targets th:nth-child(4){width:15%}
.targets th:last-child{width:30%}
summary{cursor:pointer;border-radius:.25rem}
summary h2{display:inline}
details[open]>summary{margin-bottom:.5rem}
details>summary .muted{margin-left:.5rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
@media (max-width:40rem){
main{padding:.625rem;gap:.625rem}
.card{padding:.75rem .875rem}
.rows,.rows tbody,.rows tr,.rows th,.rows td,.targets,.targets tbody,.targets tr,.targets th,.targets td{display:block;width:auto!important}
.rows thead,.targets thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.rows tr,.targets tr{padding:.5rem 0}
.rows th,.rows td,.targets th,.targets td{padding:.1875rem 0}
.rows td:empty{display:none}
.rows td,.targets td{display:grid;grid-template-columns:5.5rem minmax(0,1fr);column-gap:.75rem}
.rows td>*,.targets td>*{grid-column:2}
.rows td>.mark,.targets td>.mark{justify-self:start}
.rows td::before,.targets td::before{content:attr(data-label) / "";grid-row:1;color:var(--muted);font-size:.8125rem}
.drifts th{padding-left:.75rem}
.overview th,.overview td{padding:.25rem .125rem;font-size:.8125rem}
.overview{table-layout:auto}
.overview th{overflow-wrap:normal}
.overview th:first-child{width:auto}
}
@media print{body{background:#fff}.card{break-inside:auto}tr{break-inside:avoid}}
`;
