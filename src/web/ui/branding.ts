/**
 * From one brand colour to the six that a theme needs, for light and dark. Text on them and of them always reaches the
 * 4.5:1 of WCAG 2.2 AA (https://www.w3.org/TR/WCAG22/#contrast-minimum): a colour that doesn't is moved, never refused.
 */
export type Theme = {
  /** Primary button, mark, bar. */
  readonly brand: string;
  /** The same under the pointer. */
  readonly strong: string;
  /** Text on brand and strong. */
  readonly ink: string;
  /** Links and active navigation, on every ground of the theme. */
  readonly text: string;
  /** Ground of active navigation and chosen cards. */
  readonly tint: string;
  readonly line: string;
};

type Rgb = readonly [number, number, number];
const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];
const nearBlack: Rgb = [8, 14, 18];

/** Surface, page and sunken grounds of tokens.css, on which brand text stands. */
export const grounds = { light: ["#ffffff", "#f7f8f9", "#f2f4f5"], dark: ["#161a1e", "#0e1114", "#1c2126"] } as const;

/** The colour an institution starts with. */
export const defaultColour = "#0d5c4b";

/** Whether the text is a colour as we keep it: `#0d5c4b`. */
export function isColour(text: string): boolean {
  return /^#[0-9a-f]{6}$/i.test(text);
}

function parse(colour: string): Rgb {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (!found) return parse(defaultColour);
  return [
    Number.parseInt(found[1] ?? "0", 16),
    Number.parseInt(found[2] ?? "0", 16),
    Number.parseInt(found[3] ?? "0", 16),
  ];
}

function hex(colour: Rgb): string {
  return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

/** The HSL hue in sixths of the circle, 0 to 6. */
function hueOf(r: number, g: number, b: number, most: number, chroma: number): number {
  if (chroma === 0) return 0;
  if (most === r) return ((g - b) / chroma + 6) % 6;
  return most === g ? (b - r) / chroma + 2 : (r - g) / chroma + 4;
}

/** The colour made lighter (1 is white) or darker (-1 is black): only its HSL lightness moves, so it keeps its hue. */
function lit(colour: Rgb, by: number): Rgb {
  const [r, g, b] = [colour[0] / 255, colour[1] / 255, colour[2] / 255];
  const most = Math.max(r, g, b);
  const least = Math.min(r, g, b);
  const chroma = most - least;
  const lightness = (most + least) / 2;
  const saturation = chroma === 0 ? 0 : chroma / (1 - Math.abs(2 * lightness - 1));
  const sixth = hueOf(r, g, b, most, chroma);
  const to = by >= 0 ? lightness + (1 - lightness) * by : lightness * (1 + by);
  const reach = saturation * Math.min(to, 1 - to);
  const part = (n: number) => {
    const k = (n + sixth * 2) % 12;
    return 255 * (to - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [part(0), part(8), part(4)];
}

/** `amount` of b in a, 0 to 1. */
function mix(a: Rgb, b: Rgb, amount: number): Rgb {
  return [a[0] + (b[0] - a[0]) * amount, a[1] + (b[1] - a[1]) * amount, a[2] + (b[2] - a[2]) * amount];
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const share = Math.round(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

function ratio(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** The WCAG contrast of two colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  return ratio(parse(a), parse(b));
}

/** The colour, made lighter or darker in small steps until it is good enough; white or black at the last. */
function moved(colour: Rgb, towards: "light" | "dark", good: (candidate: Rgb) => boolean): Rgb {
  const sign = towards === "light" ? 1 : -1;
  for (let step = 0; step < 64; step++) {
    const candidate = parse(hex(lit(colour, (sign * step) / 64)));
    if (good(candidate)) return candidate;
  }
  return towards === "light" ? white : black;
}

/** A little above the rule, so that rounding never takes it below. */
const enough = 4.55;

function theme(colour: Rgb, dark: boolean): Theme {
  const [surface, ...others] = (dark ? grounds.dark : grounds.light).map(parse) as [Rgb, ...Rgb[]];
  const away = dark ? "light" : "dark";
  // Full colour glows on a dark ground, so a third of it is taken out there.
  const level = (Math.max(...colour) + Math.min(...colour)) / 2;
  const calm = dark ? mix(colour, [level, level, level], 0.32) : colour;
  // A dark brand would sink into a dark page, a pale one into a white page.
  const seen = moved(calm, away, (candidate) => ratio(candidate, surface) >= (dark ? 4 : 1.5));
  // Dark pages take dark words on a lighter brand; light pages take white words unless the brand is bright (a yellow).
  const darkInk = dark || ratio(seen, nearBlack) >= 8;
  const ink = darkInk ? nearBlack : white;
  const legible = (candidate: Rgb) => ratio(candidate, ink) >= (dark ? 5.6 : enough);
  const brand = moved(seen, darkInk ? "light" : "dark", legible);
  const strong = lit(brand, darkInk ? 0.22 : -0.2);
  const wash = dark ? brand : lit(brand, 0.15);
  const tint = mix(surface, wash, dark ? 0.14 : 0.09);
  const line = mix(surface, wash, dark ? 0.38 : 0.3);
  const readable = (candidate: Rgb) => [surface, ...others, tint].every((ground) => ratio(candidate, ground) >= enough);
  const text = moved(dark ? lit(brand, 0.25) : brand, away, readable);
  return { brand: hex(brand), strong: hex(strong), ink: hex(ink), text: hex(text), tint: hex(tint), line: hex(line) };
}

const themes = new Map<string, { light: Theme; dark: Theme }>();

/** Both themes of a brand colour (`#rrggbb`; anything else reads as the default colour). Remembered per colour. */
export function themesOf(colour: string): { readonly light: Theme; readonly dark: Theme } {
  const key = hex(parse(colour));
  const found = themes.get(key);
  if (found) return found;
  const made = { light: theme(parse(key), false), dark: theme(parse(key), true) };
  themes.set(key, made);
  return made;
}

/** Whether the colour had to be moved to be readable in light pages: said on the branding page, with both colours. */
export function isCorrected(colour: string): boolean {
  return isColour(colour) && themesOf(colour).light.brand !== colour.toLowerCase();
}

function variables(from: Theme): string {
  const { brand, ...shades } = from;
  return [`--brand:${brand}`, ...Object.entries(shades).map(([name, value]) => `--brand-${name}:${value}`)].join(";");
}

const sheets = new Map<string, string>();

/** The style sheet text that sets an institution's colours; goes into a `<style nonce>` after the sheet. */
export function themeCss(colour: string): string {
  const known = sheets.get(colour);
  if (known) return known;
  const { light, dark } = themesOf(colour);
  const sheet = `:root{${variables(light)}}@media (prefers-color-scheme:dark){:root{${variables(dark)}}}`;
  // The preview on the branding page draws any colour that is typed.
  if (sheets.size >= 1_000) sheets.clear();
  sheets.set(colour, sheet);
  return sheet;
}
