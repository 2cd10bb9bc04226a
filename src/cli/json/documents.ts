/** All that commands write with `--json`: the one source of the published schema, and of the types. */
import type * as v from "valibot";
import { datasetCheck, datasetInfo, datasets } from "./schemas/datasets.ts";
import { events } from "./schemas/events.ts";
import {
  arithmetic,
  dropFilters,
  guidedBackprop,
  nearestNeighbor,
  svm,
  walk,
} from "./schemas/experiments.ts";
import { doctor, dryRun, error, evaluation, files, mark, page, server } from "./schemas/results.ts";
import { runComparison, runQuery, runs } from "./schemas/runs.ts";

/** What each document holds, by its type. Of a command, one is written. */
export const documents = {
  files,
  mark,
  page,
  server,
  error,
  evaluation,
  "dry-run": dryRun,
  doctor,
  datasets,
  "dataset-info": datasetInfo,
  "dataset-check": datasetCheck,
  runs,
  "run-comparison": runComparison,
  "run-query": runQuery,
  svm,
  "nearest-neighbor": nearestNeighbor,
  walk,
  "guided-backprop": guidedBackprop,
  "drop-filters": dropFilters,
  arithmetic,
};

export { events };

/** The same, as a program that only reads it has it. */
type DeepReadonly<T> = T extends readonly (infer E)[] ? readonly DeepReadonly<E>[]
  : T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
  : T;

/** Type of a document. */
export type DocumentType = keyof typeof documents;

/** What a document of a type holds. */
export type DocumentOf<T extends DocumentType> = DeepReadonly<v.InferInput<(typeof documents)[T]>>;

/** An event, with its type. */
export type EventDocument = {
  [T in keyof typeof events]: { readonly type: T } & DeepReadonly<v.InferInput<(typeof events)[T]>>;
}[keyof typeof events];
