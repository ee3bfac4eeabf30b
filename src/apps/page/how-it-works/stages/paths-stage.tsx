// The best path and what it collapses to; then all paths that spell a text, as shares of the states that they go through.

import { useMemo, useState } from "preact/hooks";
import { useLibrary, type RoomLibrary, type SpellingPaths } from "../library.ts";
import { useTexts, type TextOf } from "../../languages.tsx";
import { Field } from "../../layout/panels.tsx";
import { ForwardEquation, PathsEquation } from "../equations.tsx";
import { HeatMap } from "../figures/heat-map.tsx";
import { placed, TimeFigure } from "../figures/time-figure.tsx";
import { useNumbers } from "../../numbers.ts";
import { STAGE_TEXTS } from "../stage-texts.ts";
import { shownSymbol, type WalkView } from "../walk-view.ts";
import { ColumnTitle, Stage } from "./stage.tsx";

const SHOWN = 6;
const FILES = ["src/ctc/decoder/greedy.ts", "src/ctc/loss/log-space.ts"];

export function PathsStage({ view, number }: { readonly view: WalkView; readonly number: number }) {
  const t = useTexts(STAGE_TEXTS);
  const { probability } = useNumbers();
  const library = useLibrary();
  const { network, walk } = view;
  const [typed, setTyped] = useState<string>();
  const text = typed ?? walk.text;
  const found = useMemo(() => pathsOf(library, view, text), [walk, text]);
  const alone = probability(
    Math.exp(bestPathLog(walk.logProbabilities, walk.bestPath, network.alphabet.size)),
  );
  const error =
    found === "unspellable" ? t("unspellable") : found ? undefined : t("doesNotFit", { steps: walk.steps });
  return (
    <Stage
      number={number}
      title={t("pathsTitle")}
      text={t("bestPath", { text: walk.greedyText, probability: alone })}
      equation={
        <>
          <PathsEquation />
          <ForwardEquation />
        </>
      }
      files={FILES}
    >
      <div class="stage-figures with-column">
        <BestPathStrip view={view} />
      </div>
      <div class="try-text">
        <Field label={t("tryText")} hint={t("tryHint")} error={error}>
          {(attributes) => (
            <input
              {...attributes}
              type="text"
              value={text}
              autocomplete="off"
              spellcheck={false}
              onInput={({ currentTarget }) => setTyped(currentTarget.value)}
            />
          )}
        </Field>
      </div>
      {found && found !== "unspellable" && <AllPaths view={view} text={text} paths={found} />}
    </Stage>
  );
}

function pathsOf(
  { spellingPaths }: RoomLibrary,
  { walk, network }: WalkView,
  text: string,
): SpellingPaths | "unspellable" | undefined {
  try {
    return spellingPaths(walk.logProbabilities, text, network.alphabet);
  } catch {
    return "unspellable"; // UNKNOWN_SYMBOL, the only one that a text can bring about
  }
}

function bestPathLog(rows: Float32Array, path: Int32Array, symbols: number): number {
  return path.reduce((sum, symbol, step) => sum + rows[step * symbols + symbol], 0);
}

/** The likeliest symbol of each step, those that the text is made of in bold. */
function BestPathStrip({ view }: { readonly view: WalkView }) {
  const t = useTexts(STAGE_TEXTS);
  const { network, walk, axis } = view;
  const kept = useMemo(() => new Set(walk.starts), [walk]);
  const path = [...walk.bestPath];
  return (
    <TimeFigure
      view={view}
      label={`${t("stripLabel")}: ${path.map((symbol) => shownSymbol(network, symbol)).join("")}`}
      class="path-strip"
    >
      {path.map((symbol, step) =>
        symbol === network.alphabet.blank ? null : (
          <span
            key={step}
            class={kept.has(step) ? "kept" : "repeat"}
            style={{ left: placed(axis.columnOf(step)).left }}
          >
            {shownSymbol(network, symbol)}
          </span>
        ),
      )}
    </TimeFigure>
  );
}

interface AllPathsProps {
  readonly view: WalkView;
  readonly text: string;
  readonly paths: SpellingPaths;
}

function AllPaths({ view, text, paths }: AllPathsProps) {
  const t = useTexts(STAGE_TEXTS);
  const { percent, probability, ofLog10, fixed } = useNumbers();
  const { network, walk, axis, palette, step } = view;
  const states = paths.path.length;
  const now = paths.shares.subarray(step * states, (step + 1) * states);
  const most = now.reduce((best, share, s) => (share > now[best] ? s : best), 0);
  const facts = {
    text,
    count: ofLog10(paths.logCount),
    steps: walk.steps,
    probability: probability(Math.exp(-paths.loss)),
  };
  const likeliest = [...now.keys()].toSorted((a, b) => now[b] - now[a]).slice(0, SHOWN);
  return (
    <>
      <p class="stage-text">{t("allPaths", facts)}</p>
      <p class="loss-line number">{t("loss", { ...facts, loss: fixed(paths.loss, 3) })}</p>
      <div class="stage-figures with-column">
        <TimeFigure
          view={view}
          label={t("pathsFigure", { text, state: stateName(most, paths, view, t) })}
          class={states <= 61 ? "lattice named" : "lattice"}
          names={
            states <= 61 &&
            Array.from(paths.path, (symbol, s) => (
              <span key={s} class="each">
                {s % 2 === 1 && shownSymbol(network, symbol)}
              </span>
            ))
          }
        >
          <HeatMap values={paths.shares} columns={walk.steps} color={palette.share} part={axis.allSteps} />
        </TimeFigure>
        <div class="stage-column">
          <ColumnTitle>{t("statesNow", { step: step + 1 })}</ColumnTitle>
          <ul class="bars states">
            {likeliest.map((state) => (
              <li key={state}>
                <span class="symbol">{stateMarks(state, paths, view)}</span>
                <span class="bar" aria-hidden="true">
                  <span style={{ width: `${(100 * now[state]).toFixed(1)}%` }} />
                </span>
                <span class="number">{percent(now[state])}</span>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </>
  );
}

/** The end of the text up to a state, with the blank if it is one. */
function stateMarks(state: number, { path }: SpellingPaths, { network }: WalkView): string {
  const said = [...path.subarray(0, state + 1)].filter((_, s) => s % 2 === 1 || s === state);
  return `${said.length > 3 ? "…" : ""}${said
    .slice(-3)
    .map((symbol) => shownSymbol(network, symbol))
    .join("")}`;
}

/** A state in words: a letter of the text, or the blank behind one. */
function stateName(
  state: number,
  { path }: SpellingPaths,
  { network }: WalkView,
  t: TextOf<typeof STAGE_TEXTS>,
): string {
  const text = network.alphabet.decode(path.filter((_, s) => s % 2 === 1 && s <= state));
  if (state % 2 === 1) return t("letterOf", { symbol: shownSymbol(network, path[state]), text });
  return state === 0 ? t("blankFirst") : t("blankAfter", { text });
}
