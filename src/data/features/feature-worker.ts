// The module of a thread that computes features. feature-pool.ts starts it by its path.

import { serve } from "../../platform/index.ts";
import { featureWork, unreadable } from "./feature-work.ts";

serve(featureWork, unreadable);
