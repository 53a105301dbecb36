import { type Money, toDecimal } from "#kernel/money.ts";

/** What words for partners must not tell: the figures themselves, and what they are of the list amount. */
export type Untold = { readonly list: Money; readonly discount: Money; readonly secrets: readonly Money[] };

/**
 * Whether words hold one of the secrets as digits of any script, however they are set apart, or, where there is a
 * discount, as a percentage of the list amount. A guard against slips and no proof: numbers that are spelled out pass.
 */
export function tells(words: string, { list, discount, secrets }: Untold): boolean {
  const plain = asciiDigits(words.normalize("NFKC"));
  const joined = plain.replaceAll(/(?<=\d)[^\p{L}\p{N}]+(?=\d)/gu, "");
  const figures = secrets.filter(({ minor }) => minor > 0n);
  if (figures.some((one) => holdsFigure(joined, one))) return true;
  return discount.minor > 0n && percentagesIn(plain).some((one) => figures.some((figure) => isPart(one, figure, list)));
}

function holdsFigure(digits: string, figure: Money): boolean {
  const decimal = toDecimal(figure);
  const whole = decimal.split(".")[0] ?? "";
  return digits.includes(decimal.replace(".", "")) || (whole.length > 1 && digits.includes(whole));
}

/** Every script has its ten digits side by side, zero first (Unicode 16, 4.6), some two or more tens. */
function asciiDigits(text: string): string {
  const isDigit = (code: number) => /^\p{Nd}$/u.test(String.fromCodePoint(code));
  return text.replaceAll(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    let before = 0;
    while (isDigit(code - before - 1)) before += 1;
    return String(before % 10);
  });
}

/** A number as it was written: `7.5` is 75 tenths. */
type Written = { readonly digits: bigint; readonly scale: bigint };

const number = String.raw`(\d{1,9})(?:\s*[.,٫]\s*(\d{1,6}))?`;
const sign = String.raw`(?:[%٪]|per\s*cent|pct|(?:في\s*ال|بال)(?:مئة|مائة))`;
const percentage = new RegExp(`${number}\\s*${sign}|${sign}\\s*${number}`, "giu");

function percentagesIn(text: string): Written[] {
  return [...text.matchAll(percentage)].map(([, whole, part, wholeBehind, partBehind]) => {
    const decimals = part ?? partBehind ?? "";
    return { digits: BigInt((whole ?? wholeBehind ?? "0") + decimals), scale: 10n ** BigInt(decimals.length) };
  });
}

/** Whether so many percent of the list amount are this figure, rounded either way to as many decimals as it has. */
function isPart({ digits, scale }: Written, figure: Money, list: Money): boolean {
  const off = digits * list.minor - figure.minor * 100n * scale;
  return off < list.minor && -off < list.minor;
}
