// A page has no disk that it could read without waiting.

import { MemoryScratchFile } from "../memory/scratch-file.ts";
import type { ScratchFile } from "../scratch-file.ts";

export const openScratchFile = (_folder?: string): ScratchFile => new MemoryScratchFile();
