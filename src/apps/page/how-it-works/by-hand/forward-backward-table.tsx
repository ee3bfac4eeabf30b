// The table that the recursion fills: α and β of each state at each step, and the share of the paths that go through it.

import type { ForwardBackward } from "../library.ts";
import { useTexts } from "../../languages.tsx";
import { ScrollBox } from "../figures/scroll-box.tsx";
import { ForwardEquation } from "../equations.tsx";
import { useNumbers } from "../../numbers.ts";
import { BY_HAND_TEXTS } from "./texts.ts";
import { SYMBOLS } from "./weights.ts";

export function ForwardBackwardTable({ table }: { readonly table: ForwardBackward }) {
  const t = useTexts(BY_HAND_TEXTS);
  const { fixed } = useNumbers();
  const { alpha } = table;
  const columnSum = (step: number): number =>
    alpha[step].reduce((sum, _, state) => sum + through(table, step, state), 0);
  return (
    <div class="stack tight">
      <h3>{t("tableTitle")}</h3>
      <p class="stage-text">{t("table")}</p>
      <ScrollBox class="table-frame" label={t("tableTitle")}>
        <table class="forward-backward">
          <thead>
            <tr>
              <th scope="col">{t("state")}</th>
              {alpha.map((_, step) => (
                <th key={step} scope="col">
                  {t("step", { step: step + 1 })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <StateRows table={table} />
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t("column")}</th>
              {alpha.map((_, step) => (
                <td key={step} class="number">
                  {fixed(columnSum(step), 4)}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </ScrollBox>
      <ScrollBox class="equation" label="α">
        <ForwardEquation />
      </ScrollBox>
    </div>
  );
}

/** The probability of all paths that are in a state at a step. */
const through = ({ alpha, beta }: ForwardBackward, step: number, state: number): number =>
  Math.exp(alpha[step][state] + beta[step][state]);

function StateRows({ table }: { readonly table: ForwardBackward }) {
  const { fixed } = useNumbers();
  const { path, alpha, beta, logLikelihood } = table;
  return (
    <>
      {Array.from(path, (symbol, state) => (
        <tr key={state}>
          <th scope="row" class="mono">
            {SYMBOLS[symbol]}
          </th>
          {alpha.map((row, step) => (
            <td key={step}>
              <span
                class="share"
                aria-hidden="true"
                style={{ opacity: (0.4 * through(table, step, state)) / Math.exp(logLikelihood) }}
              />
              <span class="number">α {fixed(Math.exp(row[state]), 3)}</span>
              <span class="number">β {fixed(Math.exp(beta[step][state]), 3)}</span>
            </td>
          ))}
        </tr>
      ))}
    </>
  );
}
