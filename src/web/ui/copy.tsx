import type { T } from "#platform/i18n/messages.ts";
import { Icon } from "./icon.tsx";

/** A text to take along (a link, a code, a key): selectable as it stands, with a button where script runs. */
export function CopyField({ t, id, label, value }: { t: T; id: string; label: string; value: string }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="copy">
        <input class="input mono" id={id} value={value} readonly dir="ltr" />
        <CopyButton t={t} of={`#${id}`} about={label} />
      </div>
    </div>
  );
}

/** Copies the field or text that the selector finds; hidden without script. */
export function CopyButton({ t, of, about }: { t: T; of: string; about: string }) {
  return (
    <button class="btn" type="button" data-copy={of} data-copied={t("copy.copied")} hidden>
      <Icon name="copy" />
      <span aria-live="polite">{t("copy.copy")}</span>
      <span class="vh"> {about}</span>
    </button>
  );
}
