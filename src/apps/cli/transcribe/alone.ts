// `earshot transcribe` in one process: to stdout, or into a folder.

import type { Recognizer, TranscriptionProgress } from "../../../recognizer/index.ts";
import { duration } from "../../../figures.ts";
import { openRecognizer } from "../recognizer.ts";
import { recognizerSource, type InputRecording } from "../recordings.ts";
import type { Session } from "../session.ts";
import { errorOf } from "./outcome.ts";
import { openReport, type TranscriptReport } from "./report.ts";
import { transcriptOptions, type TranscribeFlags, type TranscribeTask } from "./task.ts";
import { TranscriptLog } from "./transcript-log.ts";
import { transcriptStates, tellStates } from "./work.ts";

export async function transcribeAlone(
  { recordings, failures, folder, files, writer, jsonOf }: TranscribeTask,
  options: TranscribeFlags,
  session: Session,
): Promise<void> {
  const log = folder && (await TranscriptLog.open(folder, transcriptOptions(options)));
  let open = recordings;
  if (files && log) {
    const states = await transcriptStates(recordings, files, log, options.restart === true);
    tellStates(recordings, states, files, session.output);
    open = recordings.filter((_, i) => states[i] === "open");
  }
  const tidy = async () => files && log?.tidy(recordings.map((recording) => files.get(recording)!));
  if (open.length === 0 && recordings.length > 0 && failures.length === 0) return void (await tidy());
  const recognizer = await openRecognizer(options, "transcribe", session);
  try {
    const report = openReport(
      { writer, jsonOf, alone: recordings.length === 1, files, log },
      recognizer,
      session,
    );
    for (const { path, error } of failures) await report.failed({ path, place: path }, error);
    await transcribeInOrder(recognizer, open, report, session);
    await tidy();
  } finally {
    await recognizer.close();
  }
}

async function transcribeInOrder(
  recognizer: Recognizer,
  recordings: readonly InputRecording[],
  report: TranscriptReport,
  { output, signal }: Session,
): Promise<void> {
  let done = 0;
  const onProgress = ({ seconds, ofSeconds }: TranscriptionProgress) =>
    output.progress(
      `transcribing ${done}/${recordings.length}  ${duration(seconds)} of ${duration(ofSeconds)} opened`,
    );
  const sources = recordings.map(recognizerSource);
  for await (const outcome of recognizer.transcribeAll(sources, {
    signal,
    onProgress,
    onWords: report.words,
  })) {
    const recording = recordings[done];
    const { path, channel } = recording;
    if ("error" in outcome) await report.failed(recording, errorOf(recording, outcome.error));
    else await report.transcribed(recording, { path, channel, ...outcome.transcription });
    done++;
  }
}
