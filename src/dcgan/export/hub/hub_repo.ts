import * as v from "valibot";
import type { OptionKind } from "../../options/option.ts";

/** Two names, each without the dots that would lead to another folder. */
const REPO = /^(?!.*\.\.)[\w-][\w.-]{0,95}\/[\w-][\w.-]{0,95}$/;

/** What the name of a repository on Hugging Face may be. */
export const HUB_REPO: OptionKind<string> = {
  allowed: "user/model, of letters, digits, dots, dashes and underscores",
  schema: v.pipe(v.string(), v.regex(REPO)),
  fromText: (text) => text.replace(/^hf:/, ""),
};
