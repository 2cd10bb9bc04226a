import type { DatasetProgress, OpenDataset } from "../../../plugins/datasets/mod.ts";
import type { DatasetEvent } from "../run/events.ts";

/** Receives what happens as a dataset is opened. */
export interface OpeningListener {
  /** Receives a message of one line. */
  readonly report: (message: string) => void;
  /** Receives the progress of a download. */
  readonly progress: (progress: DatasetProgress) => void;
}

/**
 * Opens a dataset, and reports what happens meanwhile as events. A slow listener gets only the latest
 * progress.
 *
 * @returns The open dataset.
 */
export async function* openingEvents(
  open: (listener: OpeningListener) => Promise<OpenDataset>,
): AsyncGenerator<DatasetEvent, OpenDataset, void> {
  const messages: string[] = [];
  let latest: DatasetProgress | undefined;
  let news = Promise.withResolvers<void>();
  const opening = open({
    report: (message) => {
      messages.push(message);
      news.resolve();
    },
    progress: (progress) => {
      latest = progress;
      news.resolve();
    },
  });
  let isOpen = false;
  let taken = false;
  opening.then(() => isOpen = true, () => isOpen = true).then(() => news.resolve());
  try {
    for (;;) {
      await news.promise;
      news = Promise.withResolvers<void>();
      for (const message of messages.splice(0)) yield { type: "dataset", message };
      if (latest !== undefined) yield { type: "dataset", progress: latest };
      latest = undefined;
      if (!isOpen) continue;
      const dataset = await opening;
      taken = true;
      return dataset;
    }
  } finally {
    // If the caller stops listening meanwhile, nobody else closes it
    if (!taken) opening.then((dataset) => dataset.close()).catch(() => {});
  }
}
