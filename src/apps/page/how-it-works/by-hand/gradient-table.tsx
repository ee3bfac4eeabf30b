// The gradient of the loss at the logits, counted path by path, beside that of the library.

import type { CtcByHand } from "../library.ts";
import { useTexts } from "../../languages.tsx";
import { ScrollBox } from "../figures/scroll-box.tsx";
import { GradientEquation } from "../equations.tsx";
import { useNumbers } from "../../numbers.ts";
import { BY_HAND_TEXTS } from "./texts.ts";
import { SYMBOLS } from "./weights.ts";

interface GradientTableProps {
  readonly hand: CtcByHand;
  readonly library: NonNullable<CtcByHand["library"]>;
  readonly steps: number;
}

export function GradientTable({ hand, library, steps }: GradientTableProps) {
  const t = useTexts(BY_HAND_TEXTS);
  const { fixed } = useNumbers();
  const signed = (value: number): string =>
    `${value > 0 ? "+" : value < 0 ? "−" : ""}${fixed(Math.abs(value), 3)}`;
  const difference = hand.gradient.reduce(
    (largest, value, i) => Math.max(largest, Math.abs(value - library.gradient[i])),
    0,
  );
  return (
    <div class="stack tight">
      <h3>{t("gradientTitle")}</h3>
      <p class="stage-text">{t("gradient")}</p>
      <ScrollBox class="table-frame" label={t("gradientTitle")}>
        <table class="gradient">
          <thead>
            <tr>
              <td />
              {Array.from({ length: steps }, (_, step) => (
                <th key={step} scope="col">
                  {t("step", { step: step + 1 })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {SYMBOLS.map((symbol, k) => (
              <tr key={symbol}>
                <th scope="row" class="mono">
                  {symbol}
                </th>
                {Array.from({ length: steps }, (_, step) => {
                  const value = library.gradient[SYMBOLS.length * step + k];
                  return (
                    <td key={step} class="number">
                      <span class="slope" aria-hidden="true">
                        <span
                          class={value < 0 ? "down" : "up"}
                          style={{ width: `${(50 * Math.abs(value)).toFixed(1)}%` }}
                        />
                      </span>
                      {signed(value)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <p class="hint">{t("agree", { difference: difference.toExponential(0) })}</p>
      <ScrollBox class="equation" label={t("gradientTitle")}>
        <GradientEquation />
      </ScrollBox>
    </div>
  );
}
