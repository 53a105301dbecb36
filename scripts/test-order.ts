import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take longest, longest first: begun last, one of them would run alone at the end, on one core of two. */
const longest = [
  "test/partner-blindness.test.ts",
  "test/partner-blindness-others.test.ts",
  "e2e/staff.test.ts",
  "e2e/partner-invoices.test.ts",
  "e2e/partner.test.ts",
  "e2e/imports.test.ts",
];

/** Begins with the longest files; the others follow in vitest's own order, which is by their size. */
export class TestOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = (file: TestSpecification) => {
      const at = longest.indexOf(relative(process.cwd(), file.moduleId));
      return at < 0 ? longest.length : at;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
