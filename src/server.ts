import { type ServerType, serve } from "@hono/node-server";
import { createApp } from "#http/app.ts";
import type { House } from "#http/house.ts";
import type { Route } from "#http/route.ts";
import { problemPage } from "#web/problem-page.tsx";
import { registry } from "#web/registry.ts";

/** Every route there is, in the order of the faces. The permission matrix and the fuzzer read this list. */
export function allRoutes(_house?: House): readonly Route[] {
  return registry;
}

export type Listening = { readonly port: number; close(): Promise<void> };

/** Serves the house on `host:port` (0 picks a free one). `close` waits for requests under way, ten seconds at most. */
export async function listen(house: House, host: string, port: number): Promise<Listening> {
  const app = createApp(house, allRoutes(house), problemPage);
  const server = await new Promise<ServerType>((resolve, reject) => {
    const made = serve({ fetch: app.fetch, hostname: host, port }, () => resolve(made));
    made.once("error", reject);
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
