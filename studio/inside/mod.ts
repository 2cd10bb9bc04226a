import type { Mount } from "../context.ts";
import { InsideView } from "./page/inside_view.ts";

/** Fills the See inside view. */
export const mount: Mount = (view, context) => {
  new InsideView(view, context);
};
