import { expect, it } from "vitest";
import {
  formatWalletNumber,
  isWalletNumber,
  maskName,
  newWalletNumber,
  parseWalletNumber,
} from "#features/wallets/wallet.ts";
import { seededRandom } from "#kernel/random.ts";

const random = seededRandom(4);

it("every new wallet number fits its check digit, and no single wrong digit does", () => {
  for (let round = 0; round < 50; round++) {
    const number = newWalletNumber(random);
    expect(isWalletNumber(number)).toBe(true);
    for (let at = 0; at < 12; at++) {
      const wrong = (Number(number[at]) + 1 + (round % 9)) % 10;
      expect(isWalletNumber(number.slice(0, at) + wrong + number.slice(at + 1))).toBe(false);
    }
  }
});

it("wallet numbers tell nothing of their order: the same randomness makes the same, another makes others", () => {
  const ten = (seed: number) =>
    Array.from(
      { length: 10 },
      (
        (source) => () =>
          newWalletNumber(source)
      )(seededRandom(seed)),
    );
  expect(ten(1)).toEqual(ten(1));
  expect(new Set([...ten(1), ...ten(2)]).size).toBe(20);
});

it("a wallet number is written in fours and read however it was pasted", () => {
  const number = newWalletNumber(random);
  const written = formatWalletNumber(number);
  expect(written).toBe(`${number.slice(0, 4)} ${number.slice(4, 8)} ${number.slice(8)}`);
  for (const typed of [
    number,
    written,
    ` ${written} `,
    written.replaceAll(" ", "-"),
    written.replaceAll(" ", "\u00a0"),
  ]) {
    expect(parseWalletNumber(typed)).toBe(number);
  }
  for (const typed of ["", "4821", `${number}0`, "0000 0000 0000", "48x1 0937 5516", "٤٨٢١٠٩٣٧٥٥١٦"]) {
    expect(parseWalletNumber(typed)).toBeUndefined();
  }
});

it("a masked name keeps first letters and lengths only, in any script", () => {
  expect(maskName("Pacific Pathways")).toBe("P•••••• P•••••••");
  expect(maskName("  Ångström   Ő")).toBe("Å••••••• Ő");
  expect(maskName("👩‍🎓 ค่ะ")).toBe("👩‍🎓 ค่•");
});
