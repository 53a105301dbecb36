import type { Config } from "#platform/config.ts";
import type { Ground } from "#platform/tx.ts";
import type { Provider, Providers } from "#providers/provider.ts";
import { Sandbox } from "#providers/sandbox/sandbox.ts";

/** The providers that this configuration offers; the sandbox only where it is switched on. */
export function openProviders(ground: Ground, config: Config): Providers {
  const providers: Provider[] = config.sandbox ? [new Sandbox(ground)] : [];
  return new Map(providers.map((provider) => [provider.name, provider]));
}

/** The sandbox, where this installation has one. */
export function sandboxOf(providers: Providers): Sandbox | undefined {
  const found = providers.get("sandbox");
  return found instanceof Sandbox ? found : undefined;
}
