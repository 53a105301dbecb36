import type { SourceFile, Violation } from "./files.ts";

const maxFileLines = 300;
const maxLineChars = 120;

const code = /\.(ts|tsx|mjs|cjs|css)$/;
// Written by a program, and read by one.
const generated = new Set(["src/platform/database-types.ts"]);

type LineRule = {
  readonly where: (path: string) => boolean;
  readonly pattern: RegExp;
  readonly message: string;
};

const isTest = (path: string) => /\.test\.tsx?$/.test(path) || /^(test|e2e)\//.test(path);
const inProgram = (path: string) => /^src\/.*\.tsx?$/.test(path) && !isTest(path);
const inCode = (path: string) => code.test(path);
const anywhere = () => true;
// A message is one literal however long it reads: joined from pieces, its placeholders could not be typed.
const isWords = (path: string) => /^src\/platform\/i18n\/(en|ar)\//.test(path);
// A test's title is one sentence, which may be longer than a line where nothing but the test's head stands beside it.
const title =
  /^\s*(?:(?:test|describe)(?:\.\w+)*(?:\(\w+\))?|\]\))\("(?:[^"\\]|\\.)*",(?: (?:async )?\([^()]*\) => \{)?$/;
const isTitle = (path: string, line: string) => isTest(path) && title.test(line);
const isRules = (path: string) => path.startsWith("scripts/house/") || path === "test/house.test.ts";

const lineRules: readonly LineRule[] = [
  {
    where: (path) => inProgram(path) && !path.startsWith("src/kernel/"),
    pattern: /\bnew Date\(\)|\bDate\.now\(|\bTemporal\.Now\b|\bMath\.random\(/,
    message: "Time and chance are handed in: use cx.clock and cx.random (kernel/time.ts, kernel/random.ts).",
  },
  {
    where: (path) => inProgram(path) && path !== "src/platform/config.ts",
    pattern: /\bprocess\.env\b/,
    message: "Only platform/config.ts reads the environment. Take the value as a parameter.",
  },
  {
    where: (path) => inProgram(path) && !path.startsWith("src/web/client/"),
    pattern: /\bparseFloat\(|\.toFixed\(/,
    message: "Money is whole minor units (kernel/money.ts), shares are exact (kernel/rate.ts): no floats.",
  },
  {
    where: inCode,
    pattern: /@ts-(ignore|nocheck|expect-error)|biome-ignore-all/,
    message: "Mend the type instead of silencing the check.",
  },
  {
    where: anywhere,
    pattern: /\b(TODO|FIXME)\b/,
    message: "Do it now, or open an issue; nothing is left behind in the code.",
  },
  {
    where: anywhere,
    pattern: /(?<![\w.])\/(work|root|Users|home\/[a-z]+)\/|\.\.\/shared\//,
    message: "A path of one machine means nothing in a clone. Use a path from the repository's root.",
  },
  {
    where: (path) => inProgram(path) && path !== "src/main.ts",
    pattern: /\bconsole\.(log|error|warn|info|debug)\(/,
    message: "The program speaks through platform/log.ts.",
  },
];

/** Rules on the text of a file: its length, its lines, and words that don't belong. */
export function checkText(file: SourceFile): Violation[] {
  if (generated.has(file.path)) return [];
  const lines = file.text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const found: Violation[] = [];
  const add = (line: number, message: string) => found.push({ path: file.path, line, message });
  if (inCode(file.path) && lines.length > maxFileLines) {
    add(
      maxFileLines + 1,
      `${lines.length} lines; a file has at most ${maxFileLines}. Split it by what its parts are about.`,
    );
  }
  lines.forEach((line, index) => {
    const mayBeLong = isWords(file.path) || isTitle(file.path, line);
    if (inCode(file.path) && !mayBeLong && line.length > maxLineChars) {
      add(index + 1, `${line.length} characters; a line has at most ${maxLineChars}. Name a part of it, or break it.`);
    }
    if (isRules(file.path)) return;
    for (const rule of lineRules) {
      if (rule.where(file.path) && rule.pattern.test(line)) add(index + 1, rule.message);
    }
  });
  return found;
}
