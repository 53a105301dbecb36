import { directionOfText, inVisualOrder, levelsOf } from "./bidi.ts";
import type { Words } from "./document.ts";
import { type FontName, fontRuns, type Weight } from "./fonts.ts";
import { chooseFont, fontHas, writeRun } from "./pdfkit-fonts.ts";

export type TextStyle = { readonly size: number; readonly weight: Weight; readonly colour: string };

/** A piece of a line in one font and direction, ready to be drawn from left to right. */
type Piece = { readonly text: string; readonly font: FontName; readonly level: number; readonly width: number };
export type Line = {
  readonly pieces: readonly Piece[];
  readonly width: number;
  /** What a reader copies from it. */
  readonly text: string;
  readonly complex: boolean;
};

// Marks that steer direction and line breaks; they have done their work once a line is made.
const invisible = /[\u200b-\u200f\u2060-\u2069\ufeff]/g;
const joiners = /[\u200b\u200e\u200f\u2060-\u2069\ufeff]/g;
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
// Their glyphs stand in another order than their letters. Not Arabic: readers turn it round by themselves already.
const reordered = /[\u0900-\u0fff]/;

/** Measures and breaks text for one document. */
export class Typesetter {
  readonly #doc: PDFKit.PDFDocument;
  readonly #language: string;
  readonly #direction: "ltr" | "rtl";
  readonly #widths = new Map<string, number>();
  readonly #words: Intl.Segmenter;

  constructor(doc: PDFKit.PDFDocument, language: string, direction: "ltr" | "rtl") {
    this.#doc = doc;
    this.#language = language;
    this.#direction = direction;
    this.#words = new Intl.Segmenter(language, { granularity: "word" });
  }

  /** Breaks text into lines no wider than `width` points. */
  lines(words: Words, style: TextStyle, width: number): Line[] {
    const text = (typeof words === "string" ? words : words.data).normalize("NFC");
    const direction = typeof words === "string" ? this.#direction : directionOfText(text);
    return text.split("\n").flatMap((paragraph) => this.#paragraph(paragraph.trim(), direction, style, width));
  }

  #paragraph(text: string, direction: "ltr" | "rtl", style: TextStyle, width: number): Line[] {
    // Most of what is written has one direction only.
    const plain = direction === "ltr" && !/[\u0590-\u{10ffff}]/u.test(text);
    const levels = plain ? new Uint8Array(text.length) : levelsOf(text, direction);
    if (this.#width(text, style) <= width) return [this.#line(text, levels, 0, text.length, style)];
    const lines: Line[] = [];
    let start = 0;
    let end = 0;
    let used = 0;
    for (const next of [...this.#breaks(text, style, width), text.length]) {
      const piece = text.slice(end, next);
      if (end > start && used + this.#width(piece.trimEnd(), style) > width) {
        lines.push(this.#line(text, levels, start, end, style));
        start = end;
        used = 0;
      }
      used += this.#width(piece, style);
      end = next;
    }
    lines.push(this.#line(text, levels, start, text.length, style));
    return lines;
  }

  /** Where a line may end: behind blanks, in scripts without blanks, and anywhere in a word that is too wide. */
  #breaks(text: string, style: TextStyle, width: number): number[] {
    const places: number[] = [];
    let before = "";
    for (const { segment, index } of this.#words.segment(text)) {
      const closing = /^[\p{Pe}\p{Pf}\p{Po}\u3001\u3002\uff0c\u30fc]/u.test(segment);
      const opened = /[\p{Ps}\p{Pi}]$/u.test(before);
      const loose = withoutBlanks.test(segment.slice(0, 1)) || withoutBlanks.test(before.slice(-1));
      if (index > 0 && (/\s$/u.test(before) || (loose && !closing && !opened))) places.push(index);
      if (this.#width(segment, style) > width) places.push(...this.#insideWord(segment, index, style, width));
      before = segment;
    }
    return places;
  }

  #insideWord(word: string, offset: number, style: TextStyle, width: number): number[] {
    const places: number[] = [];
    let start = 0;
    for (const { index } of new Intl.Segmenter(this.#language, { granularity: "grapheme" }).segment(word)) {
      if (index > start && this.#width(word.slice(start, index + 1), style) > width) {
        places.push(offset + index);
        start = index;
      }
    }
    return places;
  }

  #line(text: string, levels: Uint8Array, from: number, to: number, style: TextStyle): Line {
    let end = to;
    while (end > from && /\s/u.test(text[end - 1] ?? "")) end -= 1;
    const pieces: Piece[] = [];
    for (let at = from; at < end; ) {
      let next = at + 1;
      while (next < end && levels[next] === levels[at]) next += 1;
      const level = levels[at] ?? 0;
      for (const run of this.#runs(text.slice(at, next), style)) {
        const shown = (level % 2 === 1 ? asDrawn(run.text) : run.text).replace(joiners, "");
        if (shown !== "")
          pieces.push({ text: shown, font: run.font, level, width: this.#runWidth(shown, run.font, style.size) });
      }
      at = next;
    }
    const shown = text.slice(from, end);
    return {
      pieces: inVisualOrder(pieces),
      width: pieces.reduce((sum, piece) => sum + piece.width, 0),
      text: shown.replace(invisible, ""),
      complex: reordered.test(shown),
    };
  }

  #runs(text: string, style: TextStyle) {
    return fontRuns(text, this.#language, style.weight, fontHas);
  }

  #width(text: string, style: TextStyle): number {
    const runs = this.#runs(text.replace(joiners, ""), style);
    return runs.reduce((sum, run) => sum + this.#runWidth(run.text, run.font, style.size), 0);
  }

  #runWidth(text: string, font: FontName, size: number): number {
    const key = `${font} ${size} ${text}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    chooseFont(this.#doc, font);
    const width = this.#doc.fontSize(size).widthOfString(text, shapingOf(font));
    if (this.#widths.size >= mostWidths) this.#widths.clear();
    this.#widths.set(key, width);
    return width;
  }

  /** Draws a line with its baseline at y, from x to the right. */
  draw(line: Line, x: number, y: number, style: TextStyle): void {
    let at = x;
    // What a reader copies, where the order of glyphs is not the order of letters.
    if (line.complex) this.#doc.markContent("Span", { actual: line.text });
    for (const piece of line.pieces) {
      chooseFont(this.#doc, piece.font, piece.level % 2 === 1);
      const run = { text: piece.text, x: at, y, size: style.size };
      for (const stray of writeRun(this.#doc, run, style.colour, shapingOf(piece.font).features)) {
        const scale = style.size / stray.unitsPerEm;
        this.#doc.fillColor(style.colour);
        this.#doc
          .save()
          .translate(at + stray.x * style.size, y - stray.y * style.size)
          .scale(scale, -scale);
        this.#doc.path(stray.outline).fill().restore();
      }
      at += piece.width;
    }
    if (line.complex) this.#doc.endMarkedContent();
  }
}

// A long statement has a new amount in every row.
const mostWidths = 4_000;

const withoutBlanks = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/;

type Features = PDFKit.Mixins.OpenTypeFeatures[];

// With features, even none, pdfkit shapes a run whole; without, word by word, which turns Arabic round.
const shaped = { features: [] as Features };
// Latin letters stay whole: taken apart (ccmp) into letter and mark, they would be copied from the PDF as two.
const shapedLatin = { features: { ccmp: false } as unknown as Features };

function shapingOf(font: FontName) {
  return font.startsWith("Sans-") ? shapedLatin : shaped;
}

/** fontkit turns letters that run from right to left round by itself; marks and digits alone it does not. */
function asDrawn(text: string): string {
  return rightToLeft.test(text) ? text : [...text].reverse().join("");
}
