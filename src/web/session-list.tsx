import type { SessionView } from "#features/security/session.ts";
import type { Instant } from "#kernel/time.ts";
import type { T } from "#platform/i18n/messages.ts";
import { Button } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { SaysWhose } from "#web/ui/form.tsx";
import { Chip } from "#web/ui/status.tsx";

function deviceName(t: T, { browser, system }: SessionView): string {
  if (browser === "" && system === "") return t("sessions.unknownDevice");
  return browser === "" || system === "" ? browser + system : t("sessions.device", { browser, system });
}

type Props = {
  readonly t: T;
  readonly sessions: readonly SessionView[];
  readonly timeZone: string;
  readonly title: string;
  /** Where each can be ended: `<base>/<session>/end`, and all others at `<base>/end-others`. */
  readonly base: string;
  readonly signOut: string;
};

/** The browsers that somebody is signed in with, and the ways to sign them out. */
export function SessionList({ t, sessions, timeZone, title, base, signOut }: Props) {
  const at = (when: Instant) => t.instant(when, timeZone);
  return (
    <div class="narrow stack">
      <Card label={title} pad>
        <ul class="stack">
          {sessions.map((session) => (
            <li class="row between">
              <div>
                <p class="strong">{deviceName(t, session)}</p>
                <p class="sm dim">{t("sessions.lastUsed", { when: at(session.lastSeenAt) })}</p>
                <p class="sm dim">{t("sessions.since", { when: at(session.startedAt), ip: session.ip })}</p>
              </div>
              {session.isThisOne ? (
                <Chip tone="ok" icon="check" words={t("sessions.thisOne")} />
              ) : (
                <form method="post" action={`${base}/${session.id}/end`}>
                  <SaysWhose />
                  <Button small about={t("sessions.endAbout", { device: deviceName(t, session) })}>
                    {t("sessions.end")}
                  </Button>
                </form>
              )}
            </li>
          ))}
        </ul>
      </Card>
      <div class="row">
        {sessions.length > 1 && (
          <form method="post" action={`${base}/end-others`}>
            <SaysWhose />
            <Button>{t("sessions.endOthers")}</Button>
          </form>
        )}
        <form method="post" action={signOut}>
          <Button icon="logout">{t("sessions.signOutHere")}</Button>
        </form>
      </div>
    </div>
  );
}
