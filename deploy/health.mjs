// Whether the server in this container answers, at the port and by the protocol that its command names: `node health.mjs`, or with
// that command's words. The certificate is that of a name, and this machine has none: it is not looked at.

import { readFileSync } from "node:fs";
import { get } from "node:http";
import { get as getOverTls } from "node:https";
import { parseArgs } from "node:util";

const given = process.argv.slice(2);
const args = given.length > 0 ? given : readFileSync("/proc/1/cmdline", "utf8").split("\0");
const known = { port: { type: "string", default: "8080" }, "tls-cert": { type: "string" } };
const { port, "tls-cert": certificate } = parseArgs({ args, options: known, strict: false }).values;

const fail = () => process.exit(1);
const options = { host: "127.0.0.1", port, path: "/healthz", rejectUnauthorized: false, timeout: 10_000 };
const request = certificate === undefined ? get : getOverTls;
request(options, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
  .on("timeout", fail)
  .on("error", fail);
