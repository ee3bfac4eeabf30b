// Paths, alike on every platform: "/" between names, also in a browser's own file system and on Windows.

export { basename, dirname, extname, join, relative, resolve } from "pathe";
