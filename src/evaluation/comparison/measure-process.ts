// The module of a process that measures one system of a comparison. measure.ts starts it by its path.

import { serveProcess } from "../../platform/index.ts";
import { measuringFailed, systemWork } from "./measure-work.ts";

serveProcess(systemWork(), measuringFailed);
