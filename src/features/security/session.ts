import type { Face } from "#access/principal.ts";
import type { Instant } from "#kernel/time.ts";

type Lifetime = { readonly idleSeconds: number; readonly absoluteSeconds: number };

const hour = 3_600;

/**
 * How long a session lives unused, and at the most. Staff hold other people's money; customers read their own on a
 * phone, and would rather not fetch a link each time.
 */
export const lifetimes: Readonly<Record<Face | "pending", Lifetime>> = {
  staff: { idleSeconds: 2 * hour, absoluteSeconds: 12 * hour },
  customer: { idleSeconds: 7 * 24 * hour, absoluteSeconds: 30 * 24 * hour },
  partner: { idleSeconds: 8 * hour, absoluteSeconds: 7 * 24 * hour },
  /** Password given, code still asked: it opens the two-step pages only. */
  pending: { idleSeconds: hour / 4, absoluteSeconds: hour / 4 },
};

/** One session as its owner sees it. */
export type SessionView = {
  readonly id: string;
  readonly browser: string;
  readonly system: string;
  readonly ip: string;
  readonly startedAt: Instant;
  readonly lastSeenAt: Instant;
  readonly isThisOne: boolean;
};

const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\/|\bEdgiOS\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/CriOS\/|Chrome\/|Chromium\//, "Chrome"],
  [/\bVersion\/.*Safari\//, "Safari"],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

function firstOf(choices: readonly (readonly [RegExp, string])[], text: string): string {
  return choices.find(([pattern]) => pattern.test(text))?.[1] ?? "";
}

/**
 * The browser and the system behind a User-Agent header, by their names; empty where they are none of the usual ones.
 */
export function deviceOf(userAgent: string): { readonly browser: string; readonly system: string } {
  return { browser: firstOf(browsers, userAgent), system: firstOf(systems, userAgent) };
}
