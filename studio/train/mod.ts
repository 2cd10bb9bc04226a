import type { Mount } from "../context.ts";
import { TrainView } from "./page/train_view.ts";

/** Fills the Train view. */
export const mount: Mount = (element, context) => {
  new TrainView(element, context);
};
