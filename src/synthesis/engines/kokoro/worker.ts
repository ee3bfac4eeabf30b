// The module of a thread that speaks with Kokoro. kokoro.ts starts it by its path.

import { serve } from "../../../platform/index.ts";
import { kokoroFault, kokoroWork } from "./work.ts";

serve(kokoroWork, kokoroFault);
