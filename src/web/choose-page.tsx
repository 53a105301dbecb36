import type { Ui } from "#http/request.ts";
import { translator } from "#platform/i18n/messages.ts";
import { PlainPage } from "#web/plain-page.tsx";
import { Button } from "#web/ui/button.tsx";
import { Hidden } from "#web/ui/form.tsx";

type Props = {
  readonly ui: Ui;
  readonly title: string;
  readonly lead: string;
  readonly action: string;
  /** The name of the field with the choice. */
  readonly field: "customer" | "partnership";
  readonly choices: readonly { readonly id: string; readonly name: string }[];
  readonly chosen: string;
  /** Where to go on. */
  readonly to: string;
};

/** Whose pages to open, where one address opens several. Each is a button of its own. */
export function ChoosePage({ ui, title, lead, action, field, choices, chosen, to }: Props) {
  const t = translator(ui.locale);
  return (
    <PlainPage ui={ui} title={title} lead={lead}>
      <div class="stack s">
        {choices.map(({ id, name }) => (
          <form method="post" action={action} class="stack s">
            <Hidden values={{ [field]: id, return_to: to }} />
            <Button wide icon={field === "customer" ? "user" : "building"} about={id === chosen ? t("choose.now") : ""}>
              <bdi>{name}</bdi>
            </Button>
          </form>
        ))}
      </div>
    </PlainPage>
  );
}
