import { record } from "#features/audit/record.ts";
import type { Work } from "#platform/jobs.ts";
import type { Storage } from "#platform/storage.ts";
import { inTx } from "#platform/tx.ts";
import { uploadKeptDays } from "./import.ts";
import { endUnstarted } from "./runner-store.ts";

const message = `It was not started within ${uploadKeptDays} days, so its file was deleted. Upload it once more.`;

/** Deletes files that were uploaded and never imported: they hold people's data, and nobody waits for them any more. */
export async function forgetUploads(work: Work<"imports.run">, storage: Storage): Promise<void> {
  const opening = { as: "system", institution: work.institution, task: "imports.run" } as const;
  const forgotten = await inTx(work.ground, opening, async (cx) => {
    const found = await endUnstarted(cx, cx.now.subtract({ hours: uploadKeptDays * 24 }), message);
    for (const { id } of found) record(cx, { event: "import.forgotten", subject: id });
    return found;
  });
  for (const { file } of forgotten) await storage.remove(file);
}
