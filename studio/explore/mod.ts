import type { Mount } from "../context.ts";
import { ExploreView } from "./page/explore_view.ts";

/** Fills the Explore view. */
export const mount: Mount = (view, context) => {
  new ExploreView(view, context);
};
