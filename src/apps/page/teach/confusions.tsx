// What the model of the last round made of the recordings that are held back.

import { useTexts } from "../languages.tsx";
import { TEACH_TEXTS } from "./texts.ts";
import type { HeardPair } from "./training-session.ts";

const MOST = 8;

export function ConfusionTable({ pairs }: { readonly pairs: readonly HeardPair[] }) {
  const t = useTexts(TEACH_TEXTS);
  const count = pairs.length;
  if (count === 0) return <p class="muted">{t("confusionsEmpty")}</p>;
  const wrong = pairs.filter(({ said, heard }) => said !== heard);
  if (wrong.length === 0) return <p>{t("confusionsNone", { count })}</p>;
  return (
    <>
      <p>{t("confusionsRight", { right: count - wrong.length, count })}</p>
      <table class="confusions">
        <thead>
          <tr>
            <th scope="col">{t("said")}</th>
            <th scope="col">{t("heard")}</th>
          </tr>
        </thead>
        <tbody>
          {wrong.slice(0, MOST).map(({ said, heard }, i) => (
            <tr key={i}>
              <td>{said}</td>
              <td class={heard === "" ? "muted" : ""}>{heard === "" ? t("nothingHeard") : heard}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
