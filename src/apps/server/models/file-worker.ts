// The module of the worker that transcribes whole files.

import { serve } from "../../../platform/index.ts";
import { fileFailed, fileWork } from "./file-work.ts";

serve(fileWork(), fileFailed);
