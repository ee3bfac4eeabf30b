// How files of recordings are called: the one list by which folders, corpora and tables are searched. What is in a file is
// found out later, from its bytes.

/** In lower case; the last three need the platform's converter. */
export const AUDIO_EXTENSIONS = [
  ".wav",
  ".w64",
  ".sph",
  ".flac",
  ".mp3",
  ".ogg",
  ".oga",
  ".opus",
  ".m4a",
  ".aac",
  ".webm",
] as const;

const ENDING = new RegExp(`(?:${AUDIO_EXTENSIONS.join("|").replaceAll(".", "\\.")})$`, "i");

export const hasAudioExtension = (path: string): boolean => ENDING.test(path);

/** `a/b.flac` → `a/b`; a path without such an ending stays. */
export const withoutAudioExtension = (path: string): string => path.replace(ENDING, "");
