type Rgb = readonly [number, number, number];

function parse(colour: string): Rgb {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Contrast with white, 1 to 21 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). */
export function contrastWithWhite(colour: string): number {
  const [r, g, b] = parse(colour).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0) + 0.05);
}

/**
 * The colour (`#rrggbb`), darkened in small steps until white text on it, and it on white paper, reach 4.5:1: for
 * mails and documents, which know no dark theme.
 */
export function readableOnWhite(colour: string): string {
  for (let keep = 100; keep > 0; keep -= 2) {
    const parts = parse(colour).map((part) =>
      Math.round((part * keep) / 100)
        .toString(16)
        .padStart(2, "0"),
    );
    const candidate = `#${parts.join("")}`;
    if (contrastWithWhite(candidate) >= 4.5) return candidate;
  }
  return "#000000";
}
