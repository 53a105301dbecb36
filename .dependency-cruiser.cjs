// The import rules of the house, in ARCHITECTURE.md's order: imports go down only.
//   kernel <- access <- platform <- ledger, providers <- features <- http <- api, web <- main
const layers = [["kernel"], ["access"], ["platform"], ["ledger", "providers"], ["features"], ["http"], ["api", "web"]];
const tests = "\\.test\\.tsx?$";

/** Per layer, everything beside and above it that it must not know. */
const downOnly = layers.flatMap((level, index) =>
  level.map((name) => {
    const forbidden = [...level.filter((other) => other !== name), ...layers.slice(index + 1).flat()];
    return {
      name: `${name}-imports-down-only`,
      comment:
        `src/${name} must not know ${forbidden.join(", ") || "what starts it"}. Hand the thing in as a parameter, ` +
        "or send the news up as an event through the outbox.",
      severity: "error",
      from: { path: `^src/${name}/` },
      to: { path: [...forbidden.map((other) => `^src/${other}/`), "^src/[^/]+$"] },
    };
  }),
);

const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

module.exports = {
  forbidden: [
    ...downOnly,
    rule(
      "no-cycle",
      "Two files that need each other are one, or miss a third: move what both need down.",
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ["type-only", "dynamic-import"] } },
    ),
    {
      ...rule(
        "features-form-no-cycle",
        "Two features that need each other: let one send an event through the outbox instead.",
        { path: "^src/features/[^/]+$" },
        { path: "^src/features/[^/]+$", circular: true },
      ),
      scope: "folder",
    },
    rule(
      "only-the-edge-knows-hono",
      "Features and what is below them don't know how they are asked. Keep requests and answers in http, api and web.",
      { path: "^src/(kernel|access|platform|ledger|providers|features)/" },
      { path: "(^|node_modules/)(hono|@hono)(/|$)" },
    ),
    rule(
      "pages-never-query",
      "Pages and API resources call use cases and views. Move the query into the feature's store.",
      { path: "^src/(api|web)/" },
      { path: ["-store\\.ts$", "^src/ledger/", "(^|node_modules/)(kysely|pg)/"] },
    ),
    rule(
      "a-store-is-private",
      "A store is private to its feature. Ask the feature by a use case or a view.",
      { path: "^src/features/([^/]+)/" },
      { path: "^src/features/[^/]+/.*-store\\.ts$", pathNot: "^src/features/$1/" },
    ),
    rule(
      "ui-parts-know-the-kernel-only",
      "A part is drawn from what it is given. Pass values in (words come from platform/i18n).",
      { path: "^src/web/ui/" },
      { path: "^src/", pathNot: "^src/(kernel|web/ui|platform/i18n)/" },
    ),
    rule(
      "partners-see-partner-views",
      "Partner pages read through *-partner-view.ts, which knows the partner schema only.",
      { path: "^src/(web|api)/partner" },
      { path: "-(views|store)\\.ts$" },
    ),
    rule(
      "views-of-others-stay-out-of-partner-views",
      "A partner view reads the partner schema only.",
      { path: "-partner-view\\.ts$" },
      { path: "-(views|store)\\.ts$" },
    ),
    rule(
      "the-program-knows-no-tests",
      "Code that runs must not need test support or a development dependency.",
      { path: "^src/" },
      { path: ["^test/", "^e2e/"] },
    ),
    rule(
      "no-development-dependency",
      "`npm ci --omit=dev` must be enough to run. Move the package to dependencies, or do without.",
      { path: "^src/" },
      { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    ),
    rule("resolvable", "This import leads nowhere.", {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // The browser scripts have a project of their own; tests may import whatever they test.
    exclude: { path: ["^src/web/client/", tests] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs", ".json", ".d.ts"],
    },
  },
};
