import type { AuditEntry } from "#features/audit/audit-views.ts";
import { actorWords, eventDetail, eventLook } from "#web/staff/event-words.ts";
import { t } from "#web/staff/shared.tsx";
import { Card } from "#web/ui/card.tsx";
import { Timeline } from "#web/ui/timeline.tsx";

/** What was done to a thing and by whom, newest first, from the audit log. */
export function Activity({ entries, zone }: { entries: readonly AuditEntry[]; zone: string }) {
  if (entries.length === 0) return null;
  return (
    <Card title="Activity" pad>
      <Timeline
        happenings={entries.map((entry) => {
          const { words, icon } = eventLook(entry.event);
          const detail = eventDetail(entry);
          return {
            what: words,
            icon,
            when: `${t.instant(entry.at, zone)}, ${actorWords(entry)}`,
            ...(detail !== "" && { more: <bdi class="sm dim">{detail}</bdi> }),
          };
        })}
      />
    </Card>
  );
}
