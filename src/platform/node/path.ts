// Paths on the disk. On Windows with "/" between names too, which it understands, so that names are alike everywhere; on
// other systems by Node's own functions, since a name may contain "\\" there.

import { posix } from "node:path";
import * as slashes from "pathe";

const { basename, dirname, extname, join, relative, resolve } =
  process.platform === "win32" ? slashes : posix;

export { basename, dirname, extname, join, relative, resolve };
