/** Words of this view. */
export const insideText = {
  empty: "Nothing to show yet. Train a model, or open a saved run, in the Train view.",
};
