/** Where the choice is kept. */
const KEY = "dcgan-studio-theme";

/** Light or dark, or as the system prefers. */
type Theme = "system" | "light" | "dark";

/** Makes a select choose between light and dark, and keeps the choice for the next visit. */
export function startTheme(select: HTMLSelectElement): void {
  const apply = (theme: Theme): void => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  const kept = read();
  select.value = kept;
  apply(kept);
  select.addEventListener("change", () => {
    const theme = select.value as Theme;
    apply(theme);
    keep(theme);
  });
}

/** A browser that keeps nothing, as some do for pages of the disk, only forgets the choice. */
function read(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system";
  }
}

function keep(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // See above
  }
}
