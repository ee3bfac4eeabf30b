// How the preview of augmentation looks: for each recording a row of players and pictures, the recording itself first,
// then each occasion with all that was chosen. Everything on one scale of time.

import { describeEffects, type AugmentedSound, type Utterance } from "../data/index.ts";
import { count } from "../figures.ts";
import { htmlDocument } from "./document.ts";
import { markup, type Markup } from "./markup.ts";

export interface PreviewedSound {
  /** What was chosen; undefined of the recording as it is. */
  readonly variant?: AugmentedSound;
  /** Of the occasion, from 1. */
  readonly epoch?: number;
  readonly seconds: number;
  /** Of the sound, as a data URI. */
  readonly spectrogram: string;
  /** What the network is given, as a data URI. */
  readonly features: string;
  /** As a data URI; undefined where the page would become too large. */
  readonly sound?: string;
}

export interface PreviewedUtterance {
  readonly utterance: Utterance;
  readonly sounds: readonly PreviewedSound[];
}

export interface PreviewContents {
  readonly about: string;
  readonly seed: number;
  readonly shown: readonly PreviewedUtterance[];
  /** Why recordings are not there. */
  readonly unreadable: readonly string[];
}

export function previewPage({ about, seed, shown, unreadable }: PreviewContents): string {
  const body = markup`<header><h1>Augmentation</h1>
<p class="path">${about}</p>
<p>Each recording as it is, then as training hears it in some epochs at seed ${seed}. Above, the spectrogram of the sound; below, the features that the network is given, with masks, warps, trimmed ends and delays. Can you still tell what is said?</p>
${unreadable.map((reason) => markup`<p class="note">Left out: ${reason}</p>`)}</header>
<main>
${shown.map(section)}</main>
`;
  return htmlDocument({ title: "Augmentation", body, style: PREVIEW_STYLE });
}

const PREVIEW_STYLE = `
.variants { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 2rem 2.5rem; }
.variants article { min-width: 0; }
.variants img { display: block; height: 6rem; min-width: 1px; margin: .25rem 0; }
.variants .texts { font-size: .9375rem; }
`;

function section({ utterance, sounds }: PreviewedUtterance): Markup {
  const { path, transcript, speaker } = utterance;
  const longest = Math.max(...sounds.map(({ seconds }) => seconds));
  return markup`<section><h2 dir="auto">${transcript}</h2>
<p class="note">${speaker && `speaker ${speaker} · `}<span class="path">${path}</span></p>
<div class="variants">
${sounds.map((sound) => card(sound, longest))}</div></section>
`;
}

function card(sound: PreviewedSound, longest: number): Markup {
  const { variant, epoch, seconds, spectrogram, features, sound: uri } = sound;
  const width = `width: ${((100 * seconds) / longest).toFixed(1)}%`;
  return markup`<article><h3>${epoch ? `Epoch ${epoch}` : "As recorded"} <small>${seconds.toFixed(2)} s</small></h3>
<img src="${spectrogram}" alt="Spectrogram" style="${width}"/>
<img src="${features}" alt="Features" style="${width}"/>
${uri ? markup`<audio controls preload="metadata" src="${uri}"></audio>` : markup`<p class="note">Too much sound for one page.</p>`}
${variant && choices(variant)}</article>
`;
}

function choices(variant: AugmentedSound): Markup {
  const chosen = describeVariant(variant);
  if (chosen.length === 0)
    return markup`<p class="note">Nothing was changed, masks and the microphone aside.</p>`;
  return markup`<dl class="texts">${chosen.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

/** What was chosen, each with its name and its value. Masks and another microphone are in the features only. */
export function describeVariant({
  variant: pace,
  effects,
  vocalTract,
  trimmedFrames,
  delayFrames,
}: AugmentedSound) {
  const rows: [name: string, value: string | false | undefined][] = [
    ["speed", pace.speed !== 1 && `× ${pace.speed}`],
    ["tempo", pace.tempo !== 1 && `× ${pace.tempo}`],
    ...describeEffects(effects),
    ["vocal tract", vocalTract !== 1 && `× ${vocalTract.toFixed(3)}`],
    ["trimmed", trimmedFrames > 0 && count(trimmedFrames, "frame")],
    ["delay", delayFrames > 0 && count(delayFrames, "frame")],
  ];
  return rows.filter((row): row is [string, string] => typeof row[1] === "string");
}
