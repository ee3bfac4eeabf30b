// The corpora that can be imported, by name.

import { an4 } from "./corpora/an4.ts";
import { commonVoice } from "./corpora/common-voice.ts";
import { fsdd } from "./corpora/fsdd.ts";
import { huggingFace } from "./corpora/hugging-face.ts";
import { librispeech } from "./corpora/librispeech.ts";
import { ljSpeech } from "./corpora/lj-speech.ts";
import { voxforge } from "./corpora/voxforge.ts";
import type { Importer } from "./importer.ts";

export const importers: readonly Importer[] = [
  an4,
  librispeech,
  commonVoice,
  fsdd,
  ljSpeech,
  voxforge,
  huggingFace,
];
