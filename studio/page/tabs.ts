import type { ViewName } from "../context.ts";

/**
 * Makes buttons with `role="tab"` switch the panels that they control: by a click, and by the arrow keys, Home
 * and End once one of them has the focus.
 *
 * @param change Called with the name of the view that is shown from now on.
 * @returns Shows a view.
 */
export function startTabs(list: HTMLElement, change: (view: ViewName) => void): (view: ViewName) => void {
  const tabs = [...list.querySelectorAll<HTMLElement>("[role=tab]")];
  const show = (chosen: HTMLElement): void => {
    for (const tab of tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")!)!.hidden = !isChosen;
    }
    change(chosen.dataset.view as ViewName);
  };
  for (const tab of tabs) tab.addEventListener("click", () => show(tab));
  list.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length]!;
    tab.focus();
    show(tab);
  });
  return (view) => show(tabs.find((tab) => tab.dataset.view === view)!);
}
