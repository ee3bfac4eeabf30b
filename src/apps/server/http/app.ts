// What the server answers over HTTP: its state for those who run it, and the dialects that take whole files. Every request has
// an id, a line in the log and a place in the metrics; every refusal has the form of its dialect.

import { Hono, type Context, type MiddlewareHandler } from "hono";
import { connectPage } from "../page/connect-page.ts";
import { addPageRoutes, isOfPage } from "../page/page-routes.ts";
import { keyOfHeader } from "../operation/keys.ts";
import { Refusal, refusalOf } from "../refusal.ts";
import type { ServerClient, ServerContext } from "../server-context.ts";
import { openApiDocument } from "./openapi.ts";
import type { AllowedOrigins } from "./origins.ts";

export interface AppVariables {
  Variables: { requestId: string; client: ServerClient };
}
export type ServerApp = Hono<AppVariables>;
export type AppContext = Context<AppVariables>;

/** A dialect over HTTP: its routes, and its form of a refusal. */
export interface HttpDialect {
  readonly name: string;
  /** The beginnings of its paths. */
  readonly paths: readonly string[];
  addRoutes(app: ServerApp, context: ServerContext): void;
  /** A refusal as a body. */
  refusalBody(refusal: Refusal, requestId: string): object;
}

/** @param dialects the first has the form for refusals of paths that belong to none */
export function serverApp(
  context: ServerContext,
  dialects: readonly HttpDialect[],
  origins: AllowedOrigins,
): ServerApp {
  const app: ServerApp = new Hono<AppVariables>();
  const refuse = (c: AppContext, error: unknown, headers: Record<string, string> = {}) => {
    const dialect =
      dialects.find(({ paths }) => paths.some((path) => c.req.path.startsWith(path))) ?? dialects[0];
    return refusalResponse(c, refusalOf(error), dialect, context, error, headers);
  };
  app.use(observed(context, dialects));
  app.use(crossOrigin(origins));
  app.onError((error, c) => refuse(c, error));
  app.notFound((c) => {
    const allow = methodsAt(c.req.path, app).join(", ");
    return allow === "" ? refuse(c, nothingAt(c.req.path)) : refuse(c, wrongMethod(allow), { allow });
  });
  addPageRoutes(app, context);
  addOperation(app, context);
  app.use("/v1/*", withKey(context));
  for (const dialect of dialects) dialect.addRoutes(app, context);
  return app;
}

/** The methods of the routes that have this path. */
function methodsAt(path: string, { routes }: ServerApp): string[] {
  const own = routes.filter(({ method, path: route }) => {
    const pattern = route.replaceAll(/:\w+/g, "[^/]+").replaceAll(".", String.raw`\.`);
    return method !== "ALL" && new RegExp(`^${pattern}$`).test(path);
  });
  return [...new Set(own.map(({ method }) => method))];
}

const nothingAt = (path: string): Refusal =>
  new Refusal("not_found", `There is nothing at ${path.slice(0, 100)}.`);

const wrongMethod = (allow: string): Refusal =>
  new Refusal("bad_request", `This path takes ${allow} alone.`, { status: 405, code: "method_not_allowed" });

function addOperation(app: ServerApp, context: ServerContext): void {
  const { admission, metrics, keys, version } = context;
  app.get("/connect", (c) => {
    const { host, protocol } = new URL(c.req.url);
    const policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    return c.html(connectPage(context, host, protocol === "https:"), 200, {
      "content-security-policy": policy,
    });
  });
  app.get("/openapi.json", (c) => c.json(openApiDocument(version)));
  app.get("/healthz", (c) => c.text("ok\n"));
  app.get("/readyz", (c) => (admission.isDraining ? c.text("draining\n", 503) : c.text("ready\n")));
  app.get("/metrics", (c) => {
    keys.nameOf(keyOfHeader(c.req.header("authorization")));
    return c.body(metrics.text(), 200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
  });
}

/** An id, which the answer carries; a line in the log. */
function observed(
  { newId, log, metrics }: ServerContext,
  dialects: readonly HttpDialect[],
): MiddlewareHandler<AppVariables> {
  const routes = dialects.flatMap(({ paths }) => paths);
  return async (c, next) => {
    const requestId = newId("req");
    c.set("requestId", requestId);
    const start = performance.now();
    await next();
    c.res.headers.set("x-request-id", requestId);
    c.res.headers.set("x-content-type-options", "nosniff");
    const route = routeOf(c.req.path, routes);
    const status = String(c.res.status);
    metrics.requests.add({ route, status });
    const ms = Math.round(performance.now() - start);
    if (route !== "operation")
      log.info("request", { request: requestId, method: c.req.method, route, status: c.res.status, ms });
  };
}

const OPERATION = new Set(["/connect", "/healthz", "/readyz", "/metrics", "/openapi.json"]);

/** Asked by load balancers, under any name; they say nothing of what is served. */
const PROBES = new Set(["/healthz", "/readyz"]);

/** One of a few, whatever clients ask for. */
function routeOf(path: string, routes: readonly string[]): string {
  if (OPERATION.has(path) || isOfPage(path)) return "operation";
  return routes.find((route) => path.startsWith(route)) ?? "none";
}

function crossOrigin(origins: AllowedOrigins): MiddlewareHandler<AppVariables> {
  return async (c, next) => {
    const origin = c.req.header("origin");
    if (!PROBES.has(c.req.path)) origins.check(origin, c.req.header("host"));
    const headers: Record<string, string> =
      origin !== undefined && origins.isNamed(origin)
        ? {
            "access-control-allow-origin": origin,
            vary: "origin",
            "access-control-expose-headers": "x-request-id, retry-after",
          }
        : {};
    if (c.req.method === "OPTIONS" && headers.vary !== undefined)
      return c.body(null, 204, {
        ...headers,
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers": c.req.header("access-control-request-headers")?.slice(0, 1_000) ?? "",
        "access-control-max-age": "600",
      });
    await next();
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
    return undefined;
  };
}

function withKey({ keys }: ServerContext): MiddlewareHandler<AppVariables> {
  return async (c, next) => {
    const key = keys.nameOf(keyOfHeader(c.req.header("authorization")));
    c.set("client", { requestId: c.get("requestId"), key });
    await next();
  };
}

function refusalResponse(
  c: AppContext,
  refusal: Refusal,
  dialect: HttpDialect,
  { metrics, log }: ServerContext,
  error: unknown,
  headers: Record<string, string>,
): Response {
  const request = c.get("requestId");
  metrics.refusals.add({ reason: refusal.reason });
  if (refusal.reason === "failed")
    log.warn("failed", { request, error: String((error as Error)?.stack ?? error) });
  if (refusal.retryAfterSeconds !== undefined) headers["retry-after"] = String(refusal.retryAfterSeconds);
  if (refusal.reason === "unauthorized") headers["www-authenticate"] = "Bearer";
  if (refusal.reason === "too_large") headers.connection = "close"; // the rest of the body is not read
  return c.json(dialect.refusalBody(refusal, request), refusal.status as 400, headers);
}
