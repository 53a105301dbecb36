import { readFileSync } from "node:fs";
import { raw } from "hono/html";

/**
 * Icons in use, by their Tabler name (https://tabler.io/icons). Add a name here to use it.
 * Each is drawn where it stands instead of in a sprite: a row that htmx puts into a page then brings its icon along,
 * and gzip makes the repetition free.
 */
const names = [
  "adjustments",
  "alert-circle",
  "alert-triangle",
  "arrow-back-up",
  "arrow-down",
  "arrow-left",
  "arrow-right",
  "arrow-up",
  "arrow-up-right",
  "arrows-exchange",
  "ban",
  "bell",
  "bolt",
  "building",
  "building-bank",
  "calendar-event",
  "cash",
  "chart-bar",
  "check",
  "checklist",
  "chevron-down",
  "chevron-left",
  "chevron-right",
  "chevron-up",
  "circle",
  "circle-check",
  "circle-dashed",
  "circle-half-2",
  "circle-x",
  "clock",
  "code",
  "coin",
  "copy",
  "credit-card",
  "device-desktop",
  "discount",
  "dots",
  "download",
  "external-link",
  "eye",
  "eye-off",
  "file-dollar",
  "file-invoice",
  "file-text",
  "filter",
  "flag",
  "folder",
  "gift",
  "help-circle",
  "history",
  "home",
  "hourglass",
  "id",
  "inbox",
  "info-circle",
  "key",
  "language",
  "link",
  "list-check",
  "lock",
  "logout",
  "mail",
  "menu-2",
  "message-report",
  "minus",
  "package",
  "palette",
  "pencil",
  "percentage",
  "phone",
  "player-pause",
  "plug",
  "plus",
  "printer",
  "qrcode",
  "receipt",
  "refresh",
  "repeat",
  "report",
  "school",
  "search",
  "send",
  "settings",
  "shield",
  "shield-check",
  "shield-lock",
  "snowflake",
  "table-export",
  "table-import",
  "trash",
  "upload",
  "user",
  "user-plus",
  "users",
  "users-group",
  "wallet",
  "webhook",
  "world",
  "x",
] as const;
export type IconName = (typeof names)[number];

// Only icons that point somewhere mirror in right-to-left pages; a clock or a tick does not.
const directional = new Set<string>([
  "arrow-left",
  "arrow-right",
  "arrow-up-right",
  "chevron-left",
  "chevron-right",
  "arrow-back-up",
  "logout",
  "send",
  "list-check",
  "checklist",
]);

const folder = new URL("../../../node_modules/@tabler/icons/icons/outline/", import.meta.url);

function shapesOf(name: IconName): string {
  const svg = readFileSync(new URL(`${name}.svg`, folder), "utf8");
  return svg
    .slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>"))
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
    .replace(/\s*\n\s*/g, "")
    .replaceAll(" />", "/>");
}

const shapes = new Map<IconName, string>(names.map((name) => [name, shapesOf(name)]));

const drawn = new Map<string, ReturnType<typeof raw>>();

/** An icon beside words, hidden from screen readers: the words say it. `size`: s 14 px, m 18 px, l 24 px. */
export function Icon({ name, size = "m" }: { name: IconName; size?: "s" | "m" | "l" }) {
  const known = drawn.get(name + size);
  if (known) return known;
  const classes = ["i", size === "m" ? "" : `i-${size}`, directional.has(name) ? "flip" : ""].filter(Boolean).join(" ");
  const icon = raw(`<svg class="${classes}" viewBox="0 0 24 24" aria-hidden="true">${shapes.get(name) ?? ""}</svg>`);
  drawn.set(name + size, icon);
  return icon;
}
