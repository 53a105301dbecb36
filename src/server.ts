import { type ServerType, serve } from "@hono/node-server";
import { createApp } from "#http/app.ts";
import type { House } from "#http/house.ts";
import type { Route } from "#http/route.ts";
import { ConfigError, isLoopback } from "#platform/config.ts";
import { problemPage } from "#web/problem-page.tsx";
import { registry } from "./registry.ts";

/**
 * Every route that this house has, in the order of the faces. Routes of development (one-click sign-in, mail on a
 * page) exist only outside production and where the program is reached on this machine alone.
 */
export function allRoutes(house: House): readonly Route[] {
  const development = !house.config.production && isLoopback(house.origin);
  // The far side that the sandbox plays has pages of its own; without it they do not exist.
  const { sandbox } = house.config;
  return registry.filter((route) => (development || !route.devOnly) && (sandbox || !route.id.startsWith("sandbox.")));
}

export type Listening = { readonly port: number; close(): Promise<void> };

/**
 * Serves the house on `host:port` (0 picks a free one). `close` waits for requests under way, ten seconds at most.
 * Throws ConfigError where it can't listen.
 */
export async function listen(house: House, host: string, port: number): Promise<Listening> {
  const app = createApp(house, allRoutes(house), problemPage);
  const server = await new Promise<ServerType>((resolve, reject) => {
    const made = serve({ fetch: app.fetch, hostname: host, port }, () => resolve(made));
    made.once("error", (error: Error) => {
      reject(new ConfigError(`HOST is "${host}" and PORT ${port}: can't listen there (${error.message})`));
    });
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    close: () => drain(server),
  };
}

async function drain(server: ServerType): Promise<void> {
  await new Promise<void>((resolve) => {
    const late = setTimeout(() => {
      if ("closeAllConnections" in server) server.closeAllConnections();
    }, 10_000);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    if ("closeIdleConnections" in server) server.closeIdleConnections();
  });
}
