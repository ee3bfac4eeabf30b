// What else the recording may have been, and the files that it can be saved as.

import { download } from "../download.ts";
import { loadEarshot } from "../earshot.ts";
import { useTexts } from "../languages.tsx";
import { useNumbers, type Numbers } from "../numbers.ts";
import type { Take } from "./take.ts";
import { LISTEN_TEXTS } from "./texts.ts";

export function Alternatives({ take: { transcription } }: { readonly take: Take }) {
  const t = useTexts(LISTEN_TEXTS);
  const numbers = useNumbers();
  const [best, ...others] = transcription.alternatives;
  return (
    <ol class="alternatives">
      {others.map(({ text, score }) => (
        <li key={text}>
          <span>{text === "" ? t("empty") : text}</span>
          <span class="muted small number">
            {t("likelier", { times: timesLess(best.score - score, numbers) })}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** @param nats between the scores */
function timesLess(nats: number, { fixed }: Numbers): string {
  const times = Math.exp(Math.max(0, nats));
  if (times >= 1e6) return "> 10⁶";
  return fixed(times, times >= 10 ? 0 : 1);
}

/** Name on the button → writer of the library, and the type of its file. */
const FORMATS = [
  ["TXT", "txt", "text/plain"],
  ["SRT", "srt", "application/x-subrip"],
  ["VTT", "vtt", "text/vtt"],
  ["JSON", "json", "application/json"],
  ["TextGrid", "textgrid", "text/plain"],
] as const;

export function Downloads({ take: { name, transcription } }: { readonly take: Take }) {
  const t = useTexts(LISTEN_TEXTS);
  const save = async (format: (typeof FORMATS)[number][1], type: string): Promise<void> => {
    const { writers } = await loadEarshot();
    const { header, record, extension = format } = writers[format];
    download(`${name}.${extension}`, header + record({ path: name, ...transcription }, true), type);
  };
  return (
    <div class="row" role="group" aria-label={t("downloads")}>
      <span class="muted small">{t("downloads")}</span>
      {FORMATS.map(([title, format, type]) => (
        <button key={format} type="button" class="quiet" onClick={() => void save(format, type)}>
          {title}
        </button>
      ))}
    </div>
  );
}
