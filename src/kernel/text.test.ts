import { describe, expect, test } from "vitest";
import { cleanLine, cleanText, readLine } from "#kernel/text.ts";

describe("text from outside", () => {
  test("control, direction and invisible characters do not survive; white space is one blank", () => {
    expect(cleanLine("  Line\r\nbreak\t two ")).toBe("Line break two");
    expect(cleanLine("abc\u202egnp.exe\u0000\u200b")).toBe("abcgnp.exe");
  });

  test("scripts and markup stay as they are: they are escaped where they are shown", () => {
    expect(cleanLine("<script>محمد ‌Zoë</script>")).toBe("<script>محمد ‌Zoë</script>");
    expect(cleanLine("Zoe\u0308")).toBe("Zoë");
  });

  test("what is kept is never longer than what is allowed: some characters become three in NFC", () => {
    const grows = "\ufb2c";
    expect(grows.normalize("NFC")).toHaveLength(3);
    expect(readLine(grows.repeat(100), 300)).toHaveLength(300);
    expect(readLine(grows.repeat(101), 300)).toEqual({ problem: "Write at most 300 characters; this has 303." });
  });

  test("a note keeps its lines", () => {
    expect(cleanText("one \r\n\n\n\n two\u202e")).toBe("one\n\ntwo");
  });
});
