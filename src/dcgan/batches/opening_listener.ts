import type { DatasetProgress, OpenDataset } from "../../../plugins/datasets/mod.ts";
import type { DatasetEvent } from "../run/events.ts";

/** Who is told what happens as a dataset is opened. */
export interface OpeningListener {
  /** Is told something in one line. */
  readonly report: (message: string) => void;
  /** Is told how far a download has come. */
  readonly progress: (progress: DatasetProgress) => void;
}

/**
 * Opens a dataset, and tells as events what happens meanwhile. Of progress only the latest is told to whoever is slow to
 * listen.
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
    // Whoever stops listening meanwhile leaves nobody else to close it
    if (!taken) opening.then((dataset) => dataset.close()).catch(() => {});
  }
}
