// What is said of a recording that cannot be read, or only in part.

import { EarshotError, type Warning } from "../../errors.ts";
import { describeForeign } from "./sniff.ts";

export function unknownFormat(bytes: Uint8Array, where: string): EarshotError {
  const { content, remedy } = describeForeign(bytes);
  const problem = `The recording is not WAV, FLAC, MP3, Ogg or NIST SPHERE; it ${content}.`;
  return new EarshotError({ code: "UNKNOWN_AUDIO_FORMAT", where, problem, remedy });
}

export function damagedAudio(where: string, what: string, options?: { cause: unknown }): EarshotError {
  const problem = `The recording is damaged: ${what}.`;
  const remedy = "Fetch or record it again; a media player shows whether anything is left in it.";
  return new EarshotError({ code: "DAMAGED_AUDIO", where, problem, remedy }, options);
}

export function emptyAudio(where: string, problem: string): EarshotError {
  const remedy = "Record or copy it again, or take it out of the list.";
  return new EarshotError({ code: "EMPTY_AUDIO", where, problem, remedy });
}

/** Half a step of 16-bit samples. */
export const SILENCE = 2 ** -16;

/** @param peak of the samples that are recognized @param description of the silence, as the end of a sentence */
export function silentAudio(peak: number, description: () => string): Warning | undefined {
  if (peak > SILENCE) return undefined;
  return { code: "SILENT_AUDIO", message: `The recording is silent: ${description()}.` };
}

/** @param peak of the samples as they were recorded */
export function silenceOfPeak(peak: number): string {
  return peak === 0 ? "all its samples are zero" : `no sample exceeds ${peak.toPrecision(2)} of full scale`;
}

export function truncatedAudio(decodedSeconds: number, missingSeconds: number): Warning | undefined {
  if (missingSeconds === 0) return undefined;
  const announced =
    missingSeconds === Infinity ? "" : ` of ${(decodedSeconds + missingSeconds).toFixed(2)} s`;
  const message = `The recording is cut or damaged: ${decodedSeconds.toFixed(2)} s${announced} could be decoded.`;
  return { code: "TRUNCATED_AUDIO", message };
}

export function miscountedAudio(decodedSeconds: number, uncountedSeconds: number): Warning | undefined {
  if (uncountedSeconds === 0) return undefined;
  const counted = (decodedSeconds - uncountedSeconds).toFixed(2);
  const message =
    `The file counts ${counted} s, but ${decodedSeconds.toFixed(2)} s are there: all of it is used. ` +
    "Its recorder wrote a wrong count.";
  return { code: "MISCOUNTED_AUDIO", message };
}

/** @param channel the one that was asked for, from 0 @throws UNKNOWN_CHANNEL where it is none of so many */
export function checkChannel(channel: number, channels: number, where: string): void {
  if (Number.isInteger(channel) && channel >= 0 && channel < channels) return;
  const numbers =
    channels === 1 ? "1 channel, number 0" : `${channels} channels, numbers 0 to ${channels - 1}`;
  throw new EarshotError({
    code: "UNKNOWN_CHANNEL",
    where,
    problem: `There is no channel ${channel}: the recording has ${numbers}.`,
    remedy: "Ask for one of them, or for none: then all are mixed.",
  });
}
