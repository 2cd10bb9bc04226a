/** Words of this view. */
export const trainText = {
  empty: "Drop a folder of pictures here.",
};
