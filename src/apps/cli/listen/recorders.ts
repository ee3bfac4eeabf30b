// Programs that record from a microphone and write 16-bit PCM (little-endian, mono) to stdout: the first that is on the PATH, or the
// one that was named.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { EarshotError } from "../../../errors.ts";
import { usageFault } from "../session.ts";

/** In the order in which they are looked for. */
export const RECORDERS = ["arecord", "rec", "sox", "ffmpeg"] as const;
export type RecorderName = (typeof RECORDERS)[number];

export interface RecorderCall {
  readonly name: RecorderName;
  /** Its path. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface RecorderFlags {
  readonly recorder?: RecorderName;
  /** As the recorder names it. */
  readonly device?: string;
}

/** @throws NO_RECORDER */
export function findRecorder({ recorder, device }: RecorderFlags, rateHz: number): RecorderCall {
  for (const name of recorder === undefined ? RECORDERS : [recorder]) {
    const command = onPath(name);
    if (command !== undefined) return { name, command, ...callOf(name, String(rateHz), device) };
  }
  throw noRecorder(recorder);
}

function callOf(
  name: RecorderName,
  rate: string,
  device: string | undefined,
): Pick<RecorderCall, "args" | "env"> {
  const sox = ["-t", "raw", "-r", rate, "-c", "1", "-b", "16", "-e", "signed-integer", "-L", "-"];
  const env = device === undefined ? undefined : { AUDIODEV: device };
  switch (name) {
    case "arecord": {
      const chosen = device === undefined ? [] : ["-D", device];
      return { args: ["-q", ...chosen, "-f", "S16_LE", "-r", rate, "-c", "1", "-t", "raw"] };
    }
    case "rec":
      return { args: ["-q", ...sox], env };
    case "sox":
      return { args: ["-q", "-d", ...sox], env };
    case "ffmpeg": {
      const quiet = ["-hide_banner", "-nostdin", "-loglevel", "error"];
      const pcm = ["-ar", rate, "-ac", "1", "-f", "s16le", "-flush_packets", "1", "-"];
      return { args: [...quiet, ...ffmpegInput(device), ...pcm] };
    }
  }
}

/** On Linux a device of PulseAudio is `pulse:NAME`, any other is ALSA's. */
function ffmpegInput(device: string | undefined): string[] {
  if (process.platform === "darwin") return ["-f", "avfoundation", "-i", `:${device ?? "default"}`];
  if (process.platform !== "win32") {
    const pulse = /^pulse:(.*)$/.exec(device ?? "")?.[1];
    return pulse === undefined ? ["-f", "alsa", "-i", device ?? "default"] : ["-f", "pulse", "-i", pulse];
  }
  if (device === undefined)
    throw usageFault(
      "On Windows, ffmpeg has to be told which microphone.",
      "Give --device NAME, one of: ffmpeg -list_devices true -f dshow -i dummy",
    );
  return ["-f", "dshow", "-i", `audio=${device}`];
}

function onPath(name: string): string | undefined {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, file)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const INSTALL: Partial<Record<NodeJS.Platform, string>> = {
  linux: "arecord (package alsa-utils), sox or ffmpeg",
  darwin: "sox (brew install sox) or ffmpeg",
  win32: "sox or ffmpeg",
};

function noRecorder(named: RecorderName | undefined): EarshotError {
  const install = INSTALL[process.platform] ?? "sox or ffmpeg";
  return new EarshotError({
    code: "NO_RECORDER",
    problem:
      named === undefined
        ? `No program that records from a microphone is on the PATH: none of ${RECORDERS.join(", ")}.`
        : `The recorder ${named} is not on the PATH.`,
    remedy: `Install ${named ?? install}; or pipe 16-bit PCM, mono, into: earshot listen - --rate 16000 -m MODEL`,
  });
}
