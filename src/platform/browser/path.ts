// Paths in the origin's own file system: "/" between names.

export { basename, dirname, extname, join, relative, resolve } from "pathe";
