import type { DrawnForAnother } from "#http/drawn-for.ts";
import type { Ui } from "#http/request.ts";
import { chooseAgainField, drawnForField } from "#kernel/drawn-for.ts";
import { translator } from "#platform/i18n/messages.ts";
import { PlainPage } from "#web/plain-page.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Hidden } from "#web/ui/form.tsx";

type Props = {
  readonly ui: Ui;
  readonly problem: DrawnForAnother;
  /** Whether the address that the form went to can show it again. */
  readonly shows: boolean;
};

/** A form of another partner than the one chosen now: nothing was done, and the way back to it. */
export function ChangedPage({ ui, problem, shows }: Props) {
  const t = translator(ui.locale);
  const { was } = problem;
  const now = <bdi>{problem.now}</bdi>;
  return (
    <PlainPage
      ui={ui}
      title={t("partner.changed.title", { was: was?.name ?? t("partner.changed.other") })}
      icon="alert-circle"
      lead={t.parts("partner.changed.lead", { now })}
    >
      {was === undefined ? (
        <p>{t("partner.changed.gone")}</p>
      ) : (
        <>
          <p>
            {t.parts("partner.changed.text", { was: <bdi>{was.name}</bdi> })}{" "}
            {t(shows ? "partner.changed.kept" : "partner.changed.backTo")}
          </p>
          <form method="post" action={shows ? ui.path : "/partner/choose"} class="stack s">
            {shows ? (
              <Kept problem={problem} partnership={was.id} />
            ) : (
              <Hidden values={{ partnership: was.id, return_to: problem.back }} />
            )}
            <Button kind="primary" wide>
              {t.parts("partner.changed.choose", { was: <bdi>{was.name}</bdi> })}
            </Button>
          </form>
        </>
      )}
      <LinkButton wide href="/partner">
        {t.parts("partner.changed.goOn", { now })}
      </LinkButton>
    </PlainPage>
  );
}

/** What was typed, on its way back into the form. */
function Kept({ problem, partnership }: { problem: DrawnForAnother; partnership: string }) {
  const typed = Object.entries(problem.typed).flatMap(([name, value]) =>
    [value].flat().map((one) => ({ [name]: one })),
  );
  return (
    <>
      <Hidden values={{ [drawnForField]: partnership, [chooseAgainField]: "1" }} />
      {typed.map((values) => (
        <Hidden values={values} />
      ))}
    </>
  );
}
