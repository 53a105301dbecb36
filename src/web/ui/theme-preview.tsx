import { grounds, type Theme, themesOf } from "./branding.ts";

type PreviewProps = {
  colour: string;
  name: string;
  words: { light: string; dark: string; button: string; link: string };
};

/**
 * What a brand colour will look like, light beside dark, before it is saved: the mark, a button, a link and a chosen
 * row, in the colours that branding.ts makes of it. Drawn, because a page has one theme at a time.
 */
export function ThemePreview({ colour, name, words }: PreviewProps) {
  const { light, dark } = themesOf(colour);
  return (
    <div class="cols-2">
      <Sample theme={light} dark={false} name={name} label={words.light} words={words} />
      <Sample theme={dark} dark name={name} label={words.dark} words={words} />
    </div>
  );
}

type SampleProps = { theme: Theme; dark: boolean; name: string; label: string; words: PreviewProps["words"] };

function Sample({ theme, dark, name, label, words }: SampleProps) {
  const [surface, page] = dark ? grounds.dark : grounds.light;
  const ink = dark ? "#edf0f2" : "#15191e";
  return (
    <svg class="sample" viewBox="0 0 320 176" role="img" aria-label={label}>
      <rect width="320" height="176" rx="12" fill={page} />
      <rect x="16" y="16" width="288" height="144" rx="10" fill={surface} stroke={theme.line} />
      <rect x="32" y="32" width="30" height="30" rx="8" fill={theme.brand} />
      <text x="47" y="52" font-size="15" font-weight="650" text-anchor="middle" fill={theme.ink}>
        {[...name][0] ?? ""}
      </text>
      <text x="74" y="52" font-size="14" font-weight="620" fill={ink}>
        {name}
      </text>
      <rect x="32" y="76" width="256" height="28" rx="8" fill={theme.tint} />
      <text x="44" y="95" font-size="13" font-weight="560" fill={theme.text}>
        {words.link}
      </text>
      <rect x="32" y="116" width="120" height="32" rx="8" fill={theme.brand} />
      <text x="92" y="137" font-size="13" font-weight="560" text-anchor="middle" fill={theme.ink}>
        {words.button}
      </text>
    </svg>
  );
}
