/**
 * Which way text runs: the Unicode bidirectional algorithm (UAX #9, revision 50) without the explicit embeddings (LRE,
 * RLE, LRO, RLO), which `cleanLine` strips from what people type; isolates and marks are honoured.
 */
type Strong = "L" | "R";
type Class = Strong | "AL" | "EN" | "AN" | "ES" | "ET" | "CS" | "NSM" | "WS" | "ON";
type Item = { cls: Class; readonly at: number; readonly size: number; readonly inside?: readonly [number, number] };

const isolateStart = /[\u2066-\u2068]/;
const pop = "\u2069";

function classOf(character: string): Class {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return asciiClass(character);
  if (code === 0x200e) return "L";
  if (code === 0x200f || (code >= 0x590 && code <= 0x5ff) || (code >= 0xfb1d && code <= 0xfb4f)) {
    return /\p{M}/u.test(character) ? "NSM" : "R";
  }
  if ((code >= 0x660 && code <= 0x669) || code === 0x66b || code === 0x66c) return "AN";
  if (code >= 0x6f0 && code <= 0x6f9) return "EN";
  if (code === 0x60c || code === 0xa0 || code === 0x202f) return "CS";
  if (/\p{M}/u.test(character)) return "NSM";
  if ((code >= 0x600 && code <= 0x8ff) || (code >= 0xfb50 && code <= 0xfdff) || (code >= 0xfe70 && code <= 0xfeff)) {
    return code === 0x66a ? "ET" : "AL";
  }
  if (code === 0x2212) return "ES";
  if (/[\u00a2-\u00a5\u00b0\u00b1\u2030-\u2034\u20a0-\u20cf]/.test(character)) return "ET";
  if (/\s/u.test(character)) return "WS";
  return /[\p{L}\p{N}]/u.test(character) ? "L" : "ON";
}

function asciiClass(character: string): Class {
  if (/[A-Za-z]/.test(character)) return "L";
  if (/[0-9]/.test(character)) return "EN";
  if (/[+-]/.test(character)) return "ES";
  if (/[#$%]/.test(character)) return "ET";
  if (/[,./:]/.test(character)) return "CS";
  return /\s/.test(character) ? "WS" : "ON";
}

/** The direction of the first strong letter outside isolates; left to right where there is none (rules P2, P3). */
export function directionOfText(text: string): "ltr" | "rtl" {
  let depth = 0;
  for (const character of text) {
    if (isolateStart.test(character)) depth += 1;
    else if (character === pop) depth = Math.max(0, depth - 1);
    else if (depth === 0) {
      const cls = classOf(character);
      if (cls === "L") return "ltr";
      if (cls === "R" || cls === "AL") return "rtl";
    }
  }
  return "ltr";
}

/** The embedding level of each UTF-16 unit: even runs left to right, odd right to left. */
export function levelsOf(text: string, direction: "ltr" | "rtl"): Uint8Array {
  const levels = new Uint8Array(text.length);
  resolve(text, 0, text.length, direction === "rtl" ? 1 : 0, levels);
  return levels;
}

function resolve(text: string, from: number, to: number, level: number, levels: Uint8Array): void {
  const items = itemsOf(text, from, to);
  weak(items, level % 2 === 1 ? "R" : "L");
  brackets(items, text, level % 2 === 1 ? "R" : "L");
  neutral(items, level % 2 === 1 ? "R" : "L");
  for (const item of items) {
    const numeric = item.cls === "EN" || item.cls === "AN";
    const up = level % 2 === 0 ? (numeric ? 2 : item.cls === "R" ? 1 : 0) : numeric || item.cls === "L" ? 1 : 0;
    levels.fill(level + up, item.at, item.at + item.size);
    if (!item.inside) continue;
    // The marks themselves belong outside; what they hold is a text of its own.
    levels.fill(level, item.at, item.at + item.size);
    const [start, end] = item.inside;
    const mark = text[item.at];
    const rtl = mark === "\u2067" || (mark === "\u2068" && directionOfText(text.slice(start, end)) === "rtl");
    resolve(text, start, end, rtl ? (level + 1) | 1 : (level + 2) & ~1, levels);
  }
}

function itemsOf(text: string, from: number, to: number): Item[] {
  const items: Item[] = [];
  for (let at = from; at < to; ) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (isolateStart.test(character)) {
      const end = matchingPop(text, at + 1, to);
      items.push({ cls: "ON", at, size: Math.min(end + 1, to) - at, inside: [at + 1, end] });
      at = end + 1;
    } else {
      items.push({ cls: classOf(character), at, size: character.length });
      at += character.length;
    }
  }
  return items;
}

function matchingPop(text: string, from: number, to: number): number {
  let depth = 1;
  for (let at = from; at < to; at++) {
    if (isolateStart.test(text[at] ?? "")) depth += 1;
    else if (text[at] === pop && --depth === 0) return at;
  }
  return to;
}

/** Rules W1 to W7: what numbers and their signs belong to. */
function weak(items: Item[], start: Strong): void {
  let strong: Class = start;
  for (const [index, item] of items.entries()) {
    if (item.cls === "NSM") item.cls = items[index - 1]?.cls ?? start;
    if (item.cls === "EN" && strong === "AL") item.cls = "AN";
    if (item.cls === "L" || item.cls === "R" || item.cls === "AL") strong = item.cls;
  }
  for (const [index, item] of items.entries()) {
    const before = items[index - 1]?.cls;
    const after = items[index + 1]?.cls;
    if (item.cls === "AL") item.cls = "R";
    else if ((item.cls === "ES" || item.cls === "CS") && before === "EN" && after === "EN") item.cls = "EN";
    else if (item.cls === "CS" && before === "AN" && after === "AN") item.cls = "AN";
  }
  for (const [index, item] of items.entries()) {
    if (item.cls !== "ET") continue;
    let end = index;
    while (items[end]?.cls === "ET") end += 1;
    if (items[index - 1]?.cls === "EN" || items[end]?.cls === "EN") item.cls = "EN";
  }
  strong = start;
  for (const item of items) {
    if (item.cls === "ES" || item.cls === "ET" || item.cls === "CS") item.cls = "ON";
    if (item.cls === "L" || item.cls === "R") strong = item.cls;
    else if (item.cls === "EN" && strong === "L") item.cls = "L";
  }
}

const pairs: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "«": "»", "‹": "›" };

/** Rule N0: a pair of brackets goes one way, by what it holds. */
function brackets(items: Item[], text: string, embedding: Strong): void {
  const open: { readonly close: string; readonly index: number }[] = [];
  for (const [index, item] of items.entries()) {
    const character = text[item.at] ?? "";
    if (item.cls !== "ON" || item.inside) continue;
    const close = pairs[character];
    if (close) open.push({ close, index });
    const match = open.findLastIndex((one) => one.close === character);
    if (match < 0) continue;
    const first = open[match]?.index ?? index;
    open.length = match;
    const inside = items.slice(first + 1, index).map(strongOf);
    const opposite: Strong = embedding === "L" ? "R" : "L";
    const context =
      items
        .slice(0, first)
        .map(strongOf)
        .findLast((cls) => cls !== undefined) ?? embedding;
    const way = inside.includes(embedding) ? embedding : inside.includes(opposite) ? context : undefined;
    const opening = items[first];
    if (way && opening) opening.cls = item.cls = way;
  }
}

function strongOf(item: Item): Strong | undefined {
  if (item.cls === "L") return "L";
  return item.cls === "R" || item.cls === "EN" || item.cls === "AN" ? "R" : undefined;
}

/** Rules N1 and N2: what stands between two texts of one direction follows them, else the paragraph. */
function neutral(items: Item[], embedding: Strong): void {
  for (let index = 0; index < items.length; ) {
    let end = index;
    while (end < items.length && (items[end]?.cls === "ON" || items[end]?.cls === "WS")) end += 1;
    if (end > index) {
      const before = items[index - 1];
      const after = items[end];
      const left = (before && strongOf(before)) ?? embedding;
      const right = (after && strongOf(after)) ?? embedding;
      for (const item of items.slice(index, end)) item.cls = left === right ? left : embedding;
    }
    index = Math.max(end, index + 1);
  }
}

/** Rule L2: pieces of a line with their levels, in the order in which they stand on paper from left to right. */
export function inVisualOrder<T extends { readonly level: number }>(pieces: readonly T[]): T[] {
  const order = [...pieces];
  const levels = order.map((piece) => piece.level);
  for (let level = Math.max(0, ...levels); level > 0; level--) {
    for (let start = 0; start < order.length; start++) {
      let end = start;
      while ((order[end]?.level ?? -1) >= level) end += 1;
      if (end > start) order.splice(start, end - start, ...order.slice(start, end).reverse());
      start = Math.max(start, end);
    }
  }
  return order;
}

const mirrored: Readonly<Record<string, string>> = {
  "(": ")",
  ")": "(",
  "[": "]",
  "]": "[",
  "{": "}",
  "}": "{",
  "<": ">",
  ">": "<",
  "«": "»",
  "»": "«",
  "‹": "›",
  "›": "‹",
};

/** Rule L4: brackets in text that runs from right to left. */
export function mirror(text: string): string {
  return text.replace(/[()[\]{}<>«»‹›]/g, (found) => mirrored[found] ?? found);
}
