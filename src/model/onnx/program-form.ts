// What an export of ours is made for, as its metadata says (onnx.proto: ModelProto.metadata_props 14,
// StringStringEntryProto.key 1 and value 2): programs for a stream and for training have no description, and are none for a
// recognizer.

import { EarshotError } from "../../errors.ts";
import { messages, textOf } from "./protobuf.ts";

const METADATA = 14;
const KEY = 1;
const VALUE = 2;
const FORM = "earshot.form";

/** The metadata of programs to train with. */
export const TRAINING_PROGRAM = { [FORM]: "training" } as const;

const REFUSED = {
  stream: {
    code: "STREAM_PROGRAM",
    problem:
      "This is a program for a stream: it takes chunks of frames and states, and gives the next states.",
    remedy: "Recognize with the model that it was made of, or export that without --stream.",
  },
  training: {
    code: "TRAINING_PROGRAM",
    problem: "This is a program to train with elsewhere: it takes the weights, and gives what a step needs.",
    remedy: "Recognize with the model that it was made of, or export that without --training.",
  },
} as const;

/** @throws EarshotError STREAM_PROGRAM, TRAINING_PROGRAM */
export function refuseOtherPrograms(program: Uint8Array, where: string): void {
  for (const entry of messages(program, METADATA)) {
    const form = textOf(entry, KEY) === FORM ? textOf(entry, VALUE) : undefined;
    if (form === "stream" || form === "training") throw new EarshotError({ ...REFUSED[form], where });
  }
}
