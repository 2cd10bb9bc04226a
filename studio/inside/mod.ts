import type { Mount } from "../context.ts";
import { element } from "../page/element.ts";

/** Fills the view. */
export const mount: Mount = (view, { text }) => {
  view.append(element("p", { class: "empty" }, text.inside.empty));
};
