// The module of the worker of live streams: features and networks run there, so that the event loop of a program keeps its
// microphones and sockets (a run of the engine blocks its thread).

import { serve } from "../../platform/index.ts";
import { streamFailed, utteranceWork } from "./utterance-work.ts";

serve(utteranceWork(), streamFailed);
