// The module of a thread that measures recordings. measure-sounds.ts starts it by its path.

import { recordingFault } from "../../data/index.ts";
import { serve } from "../../platform/index.ts";
import { measureWork } from "./measure-sound.ts";

serve(measureWork, (error) => recordingFault("a recording", error));
