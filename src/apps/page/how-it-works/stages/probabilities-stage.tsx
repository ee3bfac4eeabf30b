// The probability of each symbol at each step, and the likeliest at the playhead.

import { useMemo } from "preact/hooks";
import { useTexts } from "../../languages.tsx";
import { SoftmaxEquation } from "../equations.tsx";
import { HeatMap } from "../figures/heat-map.tsx";
import { TimeFigure } from "../figures/time-figure.tsx";
import { useNumbers } from "../../numbers.ts";
import { STAGE_TEXTS } from "../stage-texts.ts";
import { shownSymbol, type WalkView } from "../walk-view.ts";
import { networkFile } from "./layers-stage.tsx";
import { Stage } from "./stage.tsx";

const SHOWN = 6;

export function ProbabilitiesStage({ view, number }: { readonly view: WalkView; readonly number: number }) {
  const t = useTexts(STAGE_TEXTS);
  const { whole, percent } = useNumbers();
  const { network, walk, axis, palette, step } = view;
  const { size } = network.alphabet;
  const rows = walk.logProbabilities;
  const probabilities = useMemo(() => rows.map(Math.exp), [rows]);
  const now = probabilities.subarray(step * size, (step + 1) * size);
  const likeliest = [...now.keys()].toSorted((a, b) => now[b] - now[a]).slice(0, SHOWN);
  const facts = {
    steps: whole(walk.steps),
    symbol: shownSymbol(network, likeliest[0] ?? network.alphabet.blank),
    probability: percent(now[likeliest[0]] ?? 0),
  };
  return (
    <Stage
      number={number}
      title={t("probabilitiesTitle")}
      text={t("probabilities", { symbols: whole(size) })}
      equation={<SoftmaxEquation />}
      files={[networkFile(view), "src/ctc/log-probabilities.ts"]}
      column={
        <ul class="bars">
          {likeliest.map((symbol) => (
            <li key={symbol}>
              <span class="symbol">{shownSymbol(network, symbol)}</span>
              <span class="bar" aria-hidden="true">
                <span style={{ width: `${(100 * now[symbol]).toFixed(1)}%` }} />
              </span>
              <span class="number">{percent(now[symbol])}</span>
            </li>
          ))}
        </ul>
      }
    >
      <TimeFigure
        view={view}
        label={t("probabilitiesFigure", facts)}
        class={size <= 40 ? "symbols named" : "symbols"}
        names={size <= 40 && <SymbolNames view={view} />}
      >
        <HeatMap values={probabilities} columns={walk.steps} color={palette.share} part={axis.allSteps} />
      </TimeFigure>
    </Stage>
  );
}

function SymbolNames({ view: { network } }: { readonly view: WalkView }) {
  return Array.from({ length: network.alphabet.size }, (_, symbol) => (
    <span key={symbol} class="each">
      {shownSymbol(network, symbol)}
    </span>
  ));
}
