import PDFDocument from "pdfkit";
import { mirror } from "./bidi.ts";
import { type FontName, fontFile } from "./fonts.ts";

/** What we use of fontkit's fonts and of pdfkit's embedded ones, which the types of pdfkit (pinned, 0.20) leave out. */
type Glyph = {
  readonly id: number;
  readonly codePoints: readonly number[];
  readonly advanceWidth: number;
  readonly path: { toSVG(): string };
};
/** In thousandths of the font size. */
type Position = {
  readonly xAdvance: number;
  readonly yAdvance: number;
  readonly xOffset: number;
  readonly yOffset: number;
  readonly advanceWidth: number;
};
/** A shape that belongs to the letter before it (the dots of ي), in ems from the start of what is drawn. */
export type Stray = { readonly outline: string; readonly x: number; readonly y: number; readonly unitsPerEm: number };

type ParsedFont = {
  hasGlyphForCodePoint(code: number): boolean;
  getGlyph(id: number, codePoints?: readonly number[]): Glyph;
  glyphForCodePoint(code: number): Glyph;
  readonly unitsPerEm: number;
};
type Shaped = {
  readonly glyphs: readonly Glyph[];
  readonly positions: readonly Position[];
  readonly advanceWidth: number;
};
type Features = PDFKit.Mixins.OpenTypeFeatures[];
type Embedded = {
  readonly font: ParsedFont;
  readonly subset: { includeGlyph(id: number): number; readonly glyphs: number[] };
  readonly unicode: (readonly number[])[];
  readonly widths: number[];
  readonly scale: number;
  /** Whether what is drawn runs from right to left, so that brackets open the other way. */
  turned?: boolean;
  /** What the last text left to be drawn as outlines. */
  strays?: readonly Stray[];
  layout(text: string, features: Features): Shaped;
  encode(text: string, features: Features): [codes: string[], positions: readonly Position[]];
};
type EmbeddedClass = new (doc: PDFKit.PDFDocument, font: ParsedFont, id: string) => Embedded;
type Inside = {
  _font: Embedded & { readonly id: string; ref(): unknown };
  _fontFamilies: Record<string, Embedded>;
  _fontCount: number;
  readonly page: { readonly fonts: Record<string, unknown> };
  addContent(operators: string): void;
};

type Parsed = { readonly embedded: EmbeddedClass; readonly font: ParsedFont };

const parsed = new Map<FontName, Parsed>();

// Each takes about a kilobyte.
const mostShapes = 4_000;

const noPosition: Position = { xAdvance: 0, yAdvance: 0, xOffset: 0, yOffset: 0, advanceWidth: 0 };

/** The font, parsed once a thread: pdfkit would do it for each document, three quarters of the work of a receipt. */
function parse(name: FontName): Parsed {
  const known = parsed.get(name);
  if (known) return known;
  const scratch = new PDFDocument({ autoFirstPage: false }).registerFont(name, fontFile(name)).font(name);
  const { _font: found } = scratch as unknown as Inside;
  const made = {
    embedded: readable(found.constructor as EmbeddedClass, name.startsWith("Arabic-")),
    font: withOwnLetters(found.font),
  };
  parsed.set(name, made);
  return made;
}

/** fontkit remembers a glyph with the letters it stood for first; here each use has its own. */
function withOwnLetters(font: ParsedFont): ParsedFont {
  const cached = font.getGlyph.bind(font);
  font.getGlyph = (id, codePoints) => {
    const glyph = cached(id);
    return codePoints ? (Object.create(glyph, { codePoints: { value: codePoints } }) as Glyph) : glyph;
  };
  return font;
}

/**
 * Noto writes ت and ي as one stroke and different dots. So a glyph that stands for two letters gets two places in the
 * embedded font, and dots are drawn as outlines beside the text: whoever copies or searches it finds what was written.
 */
function readable(base: EmbeddedClass, whole: boolean): EmbeddedClass {
  const shapes = new Map<string, Shaped>();
  return class extends base {
    readonly #places = new Map<string, number>();
    override strays: readonly Stray[] = [];

    override layout(text: string, features: Features): Shaped {
      // Arabic turns round as a whole; others are shaped word by word, and documents repeat their words.
      if (whole) return this.#shaped(text, features);
      return joined(text.split(wordsAndDigits).map((word) => this.#shaped(word, features)));
    }

    #shaped(text: string, features: Features): Shaped {
      const known = shapes.get(text);
      if (known) return known;
      if (shapes.size >= mostShapes) shapes.clear();
      const made = this.#shapedAnew(text, features);
      shapes.set(text, made);
      return made;
    }

    #shapedAnew(text: string, features: Features): Shaped {
      try {
        return super.layout(text, features);
      } catch {
        // fontkit fails at some sequences that no language has (U+0600 U+0610): then each letter stands alone.
        const letters = [...text];
        if (letters.length <= 1) return joined([]);
        const shaped = letters.map((letter) => this.#shapedAnew(letter, features));
        return joined(whole ? shaped.reverse() : shaped);
      }
    }

    override encode(text: string, features: Features): [codes: string[], positions: readonly Position[]] {
      const { glyphs, positions } = this.layout(text, features);
      const codes: string[] = [];
      const kept: Position[] = [];
      const strays: Stray[] = [];
      let pen = 0;
      for (const [index, found] of glyphs.entries()) {
        const glyph = this.turned ? mirroredGlyph(this.font, found) : found;
        const position = positions[index] ?? noPosition;
        if (glyph.codePoints.length === 0) {
          const place = { x: (pen + position.xOffset) / 1000, y: position.yOffset / 1000 };
          strays.push({ outline: glyph.path.toSVG(), ...place, unitsPerEm: this.font.unitsPerEm });
          const last = kept.pop();
          if (last) kept.push({ ...last, xAdvance: last.xAdvance + position.xAdvance });
        } else {
          codes.push(this.#placeOf(glyph).toString(16).padStart(4, "0"));
          kept.push(position);
        }
        pen += position.xAdvance;
      }
      this.strays = strays;
      return [codes, kept];
    }

    #placeOf(glyph: Glyph): number {
      const meaning = `${glyph.id} ${glyph.codePoints.join(" ")}`;
      const known = this.#places.get(meaning);
      if (known !== undefined) return known;
      let place = this.subset.includeGlyph(glyph.id);
      if (this.unicode[place] !== undefined) place = this.subset.glyphs.push(glyph.id) - 1;
      this.unicode[place] = glyph.codePoints;
      this.widths[place] = glyph.advanceWidth * this.scale;
      this.#places.set(meaning, place);
      return place;
    }
  };
}

// No font of ours moves a digit for its neighbour: amounts and numbers need no shaping of their own each.
const wordsAndDigits = /(?<= )|(?<=\d)|(?=\d)/;

function joined(parts: readonly Shaped[]): Shaped {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  return {
    glyphs: parts.flatMap((part) => part.glyphs),
    positions: parts.flatMap((part) => part.positions),
    advanceWidth: parts.reduce((sum, part) => sum + part.advanceWidth, 0),
  };
}

/** The shape of `)` that still means `(`: a reader who turns the text round finds the letters that were written. */
function mirroredGlyph(font: ParsedFont, glyph: Glyph): Glyph {
  const [code] = glyph.codePoints;
  const letter = code === undefined || glyph.codePoints.length > 1 ? "" : String.fromCodePoint(code);
  const other = mirror(letter);
  if (other === letter) return glyph;
  const shape = font.glyphForCodePoint(other.codePointAt(0) ?? 0);
  return Object.create(shape, { codePoints: { value: glyph.codePoints } }) as Glyph;
}

/** Chooses a font for what is measured or drawn next; `turned` when it runs from right to left. */
export function chooseFont(doc: PDFKit.PDFDocument, name: FontName, turned = false): void {
  const inside = doc as unknown as Inside;
  if (!inside._fontFamilies[name]) {
    const { embedded, font } = parse(name);
    inside._fontCount += 1;
    inside._fontFamilies[name] = new embedded(doc, font, `F${inside._fontCount}`);
    doc.registerFont(name, fontFile(name));
  }
  doc.font(name);
  inside._font.turned = turned;
}

export type Run = { readonly text: string; readonly x: number; readonly y: number; readonly size: number };

/**
 * Writes a run of text in the chosen font with its baseline at y, as one text object (ISO 32000-2, 9.4): pdfkit's own
 * way takes three times as long. Answers the outlines that belong to it.
 */
export function writeRun(doc: PDFKit.PDFDocument, run: Run, colour: string, features: Features): readonly Stray[] {
  const inside = doc as unknown as Inside;
  const font = inside._font;
  const [codes, positions] = font.encode(run.text, features);
  inside.page.fonts[font.id] ??= font.ref();
  const scale = run.size / 1000;
  // The page counts downwards, so letters are turned upright again.
  const place = (x: number, y: number) => `1 0 0 -1 ${rounded(x)} ${rounded(y)} Tm`;
  const operators = [`BT ${inks(colour)} rg /${font.id} ${rounded(run.size)} Tf ${place(run.x, run.y)}`];
  let x = run.x;
  let shown = "";
  let hex = "";
  let moved = false;
  const flush = () => {
    if (hex !== "") shown += `<${hex}>`;
    if (shown !== "") operators.push(`[${shown}] TJ`);
    shown = hex = "";
  };
  for (const [index, at] of positions.entries()) {
    const aside = at.xOffset !== 0 || at.yOffset !== 0;
    if (aside || moved) {
      flush();
      operators.push(place(x + at.xOffset * scale, run.y - at.yOffset * scale));
    }
    moved = aside;
    hex += codes[index] ?? "";
    const kern = at.advanceWidth - at.xAdvance;
    if (kern !== 0) {
      shown += `<${hex}>${rounded(kern)}`;
      hex = "";
    }
    x += at.xAdvance * scale;
  }
  flush();
  inside.addContent(`${operators.join(" ")} ET`);
  return font.strays ?? [];
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

const inksKnown = new Map<string, string>();

/** `#rrggbb` as the three numbers of the operator `rg`. */
function inks(colour: string): string {
  const known = inksKnown.get(colour);
  if (known !== undefined) return known;
  const value = Number.parseInt(colour.slice(1), 16);
  const made = [value >> 16, value >> 8, value].map((part) => rounded((part & 255) / 255)).join(" ");
  if (inksKnown.size < 100) inksKnown.set(colour, made);
  return made;
}

/** Whether the font has this letter. */
export function fontHas(name: FontName, code: number): boolean {
  return parse(name).font.hasGlyphForCodePoint(code);
}
