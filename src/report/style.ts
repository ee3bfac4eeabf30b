// How the page looks, and the little that moves in it. System fonts; light or dark as the reader has it; columns where
// there is room for them. The script is comfort only: it moves a line along while a recording plays, and a click on a
// spectrogram plays from there.

export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fcfcfa; --ink: #1d1f24; --quiet: #5c616b; --rule: #dddcd6; --wash: #f1f0eb;
  --right: #24744b; --wrong: #b3261e; --accent: #2456a6;
  --line0: #2456a6; --line1: #c2410c; --line2: #24744b; --line3: #8b3fa0;
  --line4: #0e7c86; --line5: #a3670b; --line6: #b3266d; --line7: #5c616b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16171a; --ink: #e6e5e1; --quiet: #a0a3aa; --rule: #34363c; --wash: #1f2125;
    --right: #6ecf9a; --wrong: #ff8f84; --accent: #8db4f5;
    --line0: #8db4f5; --line1: #ff9f68; --line2: #6ecf9a; --line3: #d59be8;
    --line4: #5fd0d8; --line5: #e8b75a; --line6: #f78fc0; --line7: #a0a3aa;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 80rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 3rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--rule); font-size: 1.35rem; }
h3 { margin: 0 0 .25rem; font-size: 1rem; }
p { margin: .25rem 0 .75rem; max-width: 46rem; }
.note, small { color: var(--quiet); font-size: .875rem; font-weight: normal; }
.path, code, pre { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .8125rem; unicode-bidi: isolate; }
pre { padding: .75rem 1rem; background: var(--wash); border-radius: 6px; white-space: pre-wrap; }
ul.paths { padding: 0; list-style: none; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .5rem 1.5rem; margin: 1.5rem 0 0; }
.figures dt { color: var(--quiet); font-size: .875rem; }
.figures dd { margin: 0; font-size: 1.6rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
.figures dd.note { font-size: .8125rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1.75rem 2.5rem; }
figure { margin: 0; }
figcaption { font-weight: 600; margin-bottom: .25rem; }
.chart .note { margin: 0 0 .25rem; }
.chart svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--quiet); font-size: 11px; font-family: system-ui, sans-serif; }
.grid, .tick { stroke: var(--rule); }
.mark { stroke: var(--quiet); stroke-dasharray: 3 3; }
.chart path { fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linejoin: round; }
.chart circle, .bars rect { fill: currentColor; }
.chart .dashed path { stroke-dasharray: 5 3; }
.chart .faint path { stroke-width: 1; opacity: .55; }
.legend { display: flex; flex-wrap: wrap; gap: .125rem 1rem; margin: .25rem 0 0; padding: 0 0 0 3rem; list-style: none; font-size: .875rem; }
.legend li::before { content: ""; display: inline-block; width: 1rem; border-top: 2px solid currentColor; margin-right: .4rem; vertical-align: middle; }
.legend li.dashed::before { border-top-style: dashed; }
.legend li.faint::before { border-top-width: 1px; }
${Array.from({ length: 8 }, (_, i) => `.line${i} { color: var(--line${i}); }`).join("\n")}
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9375rem; }
th, td { padding: .2rem .75rem .2rem 0; text-align: left; border-bottom: 1px solid var(--rule); font-weight: normal; vertical-align: bottom; }
thead th { color: var(--quiet); font-size: .875rem; }
.numbers td, .numbers th + th, .mistakes td:nth-child(n+3), .mistakes th:nth-child(n+3) { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr.best td, tr.best th { font-weight: 600; }
details { margin: 1rem 0; }
summary { cursor: pointer; color: var(--accent); }
.confusions { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 1.5rem 2.5rem; align-items: start; }
.matrix svg { display: block; width: 100%; max-width: 30rem; height: auto; }
.matrix .frame { fill: none; stroke: var(--rule); }
.matrix .right { fill: var(--wash); }
.matrix .cell { fill: var(--wrong); }
.matrix text { fill: var(--ink); font-family: ui-monospace, Menlo, Consolas, monospace; }
.utterances { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 34rem), 1fr)); gap: 2.25rem 2.5rem; grid-auto-flow: dense; }
.utterance { min-width: 0; }
.utterance.wide { grid-column: 1 / -1; }
.utterance .note { margin: 0 0 .25rem; max-width: none; }
.texts { display: grid; grid-template-columns: max-content 1fr; gap: 0 .75rem; margin: .25rem 0 .5rem; }
.texts dt { color: var(--quiet); font-size: .875rem; line-height: 1.7; }
.texts dd { margin: 0; }
del, ins { text-decoration: none; padding: 0 .15em; border-radius: 3px; }
del { color: var(--wrong); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .2em; }
ins { color: var(--wrong); background: color-mix(in srgb, var(--wrong) 14%, transparent); }
.alignment { display: block; }
.alignment text { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 11.5px; fill: var(--ink); }
.alignment text.axis { font-size: 11px; fill: var(--quiet); font-family: system-ui, sans-serif; }
.alignment .letter text { fill: #fff; stroke: #000a; stroke-width: 3px; paint-order: stroke; font-weight: 600; }
.alignment .letter path { fill: none; stroke: #fff; stroke-width: .75; }
.alignment .bar { stroke: var(--accent); stroke-width: 3; }
.alignment .wrong .bar { stroke: var(--wrong); }
.alignment .words .wrong text { fill: var(--wrong); }
.alignment .playhead { stroke: var(--wrong); stroke-width: 1.5; visibility: hidden; }
.playing .playhead { visibility: visible; }
audio { display: block; width: 100%; max-width: 30rem; height: 2.5rem; margin-top: .5rem; }
@media print { audio { display: none; } .utterance { break-inside: avoid; } }
`;

export const SCRIPT = `
for (const card of document.querySelectorAll(".utterance")) {
  const [picture, audio] = [card.querySelector(".alignment"), card.querySelector("audio")];
  if (!audio) continue;
  const line = picture.querySelector(".playhead");
  const { left, second } = picture.dataset;
  const follow = () => {
    line.setAttribute("transform", "translate(" + audio.currentTime * second + " 0)");
    if (!audio.paused) requestAnimationFrame(follow);
  };
  audio.addEventListener("play", () => { card.classList.add("playing"); follow(); });
  audio.addEventListener("seeked", follow);
  picture.style.cursor = "pointer";
  picture.addEventListener("click", (event) => {
    const x = event.clientX - picture.getBoundingClientRect().left;
    audio.currentTime = Math.max(0, (x - left) / second);
    audio.play();
  });
}
`;
