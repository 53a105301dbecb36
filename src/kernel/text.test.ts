import { describe, expect, test } from "vitest";
import { cleanLine, cleanText } from "#kernel/text.ts";

describe("text from outside", () => {
  test("control, direction and invisible characters do not survive; white space is one blank", () => {
    expect(cleanLine("  Line\r\nbreak\t two ")).toBe("Line break two");
    expect(cleanLine("abc\u202egnp.exe\u0000\u200b")).toBe("abcgnp.exe");
  });

  test("scripts and markup stay as they are: they are escaped where they are shown", () => {
    expect(cleanLine("<script>محمد ‌Zoë</script>")).toBe("<script>محمد ‌Zoë</script>");
    expect(cleanLine("Zoe\u0308")).toBe("Zoë");
  });

  test("a note keeps its lines", () => {
    expect(cleanText("one \r\n\n\n\n two\u202e")).toBe("one\n\ntwo");
  });
});
