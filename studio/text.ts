/**
 * All words of the page, in English. A translation is an object of the same type: copy this file and those it
 * imports, and translate the strings. Functions put numbers in their place.
 */
import { exploreText } from "./explore/text.ts";
import { insideText } from "./inside/text.ts";
import { trainText } from "./train/text.ts";

export const text = {
  language: "en",
  title: "DCGAN studio",
  tagline: "Trains on your pictures, in this tab. They never leave your computer.",
  views: { train: "Train", explore: "Explore", inside: "See inside" },
  viewsLabel: "Views",
  theme: {
    label: "Colors",
    system: "System",
    light: "Light",
    dark: "Dark",
  },
  train: trainText,
  explore: exploreText,
  inside: insideText,
};

/** The type of {@linkcode text}, which every translation has. */
export type StudioText = typeof text;
