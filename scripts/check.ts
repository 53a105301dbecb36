import { runChecks } from "./checks.ts";

// npm run check [-- --write]
const failed = await runChecks(process.argv.includes("--write"));
if (failed > 0) console.log(`${failed} of the checks failed`);
process.exit(failed > 0 ? 1 : 0);
