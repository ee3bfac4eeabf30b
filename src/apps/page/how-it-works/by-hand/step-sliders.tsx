// For each step a slider for each symbol, and what probabilities they make.

import { useTexts } from "../../languages.tsx";
import { useNumbers } from "../../numbers.ts";
import { BY_HAND_TEXTS } from "./texts.ts";
import { BLANK, SYMBOLS, type SliderWeights } from "./weights.ts";

interface StepSlidersProps {
  readonly weights: SliderWeights;
  /** [T, 3] */
  readonly probabilities: Float64Array;
  readonly onWeight: (step: number, symbol: number, weight: number) => void;
}

const CLASSES = ["a", "b", "blank"];

export function StepSliders({ weights, probabilities, onWeight }: StepSlidersProps) {
  const t = useTexts(BY_HAND_TEXTS);
  const { fixed } = useNumbers();
  const probability = (step: number, symbol: number): number => probabilities[SYMBOLS.length * step + symbol];
  const nameOf = (symbol: number): string => (symbol === BLANK ? t("blank") : SYMBOLS[symbol]);
  return (
    <div class="step-sliders">
      {weights.map((row, step) => (
        <fieldset key={step}>
          <legend>{t("step", { step: step + 1 })}</legend>
          <div class="stacked" aria-hidden="true">
            {row.map((_, symbol) => (
              <span
                key={symbol}
                class={CLASSES[symbol]}
                style={{ width: `${(100 * probability(step, symbol)).toFixed(2)}%` }}
              />
            ))}
          </div>
          {row.map((weight, symbol) => (
            <label key={symbol}>
              <span class="symbol">{SYMBOLS[symbol]}</span>
              <input
                type="range"
                min={1}
                max={100}
                step="any"
                value={weight}
                class={CLASSES[symbol]}
                aria-label={t("slider", { step: step + 1, symbol: nameOf(symbol) })}
                aria-valuetext={fixed(probability(step, symbol), 2)}
                onInput={({ currentTarget }) => onWeight(step, symbol, Number(currentTarget.value))}
              />
              <span class="number">{fixed(probability(step, symbol), 2)}</span>
            </label>
          ))}
        </fieldset>
      ))}
    </div>
  );
}
