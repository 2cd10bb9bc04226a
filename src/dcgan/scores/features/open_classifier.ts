import { host } from "../../../host/host.ts";
import { join } from "../../../host/paths.ts";
import { checkOwnFolder, makeOwnFolder } from "../../../files/own_folder.ts";
import { cacheAdvice, userCache } from "../../../files/user_cache.ts";
import type { Device } from "../../../gpu/mod.ts";
import { loadStateDict, Network, readSafetensors, stateDict, writeSafetensors } from "../../../nn/mod.ts";
import { expectIntact, isSealed, sealed } from "../../checkpoints/seal.ts";
import { lengthOf } from "../../../pictures/mod.ts";
import { Classifier } from "./classifier.ts";
import { ClassifierModule } from "./classifier_module.ts";
import type { PredictedLabel } from "./feature_network.ts";
import type { LabeledPictures } from "./labeled_pictures.ts";
import { learnedCount, RECIPE, trainClassifier, type TrainClassifierOptions } from "./train_classifier.ts";

/** Options of {@linkcode openClassifier}. */
export interface OpenClassifierOptions extends TrainClassifierOptions {
  /** Is told in a sentence what the user should know. */
  readonly report: (message: string) => void;
  /** Folder that classifiers are kept in; undefined for none. */
  readonly folder?: string | undefined;
}

/**
 * The classifier of a labeled set: from the user's cache, or trained now and kept there. It is found by the
 * SHA-256 of the pictures and classes that it learned from, so that one of other data is never taken.
 */
export async function openClassifier(
  device: Device,
  data: LabeledPictures,
  options: OpenClassifierOptions,
): Promise<Classifier> {
  const { report, folder = userCache("classifiers") } = options;
  const { size, channels, labels } = data;
  const module = new ClassifierModule(size, channels, labels.map(({ classes }) => classes));
  const key = host().sha256().update(RECIPE).update(data.key).digest("hex").slice(0, 32);
  const path = folder === undefined ? undefined : join(folder, `${key}.safetensors`);
  const name = `classifier ${key.slice(0, 8)} of ${labels.map((label) => label.name).join(", ")}`;
  const parts = { module, size, channels };
  const known = path === undefined ? undefined : await recall(device, module, path, folder!, report);
  if (known) {
    const predicted = labels.map((label, i): PredictedLabel => ({
      name: label.name,
      classes: label.classes,
      accuracy: known.accuracies[i]!,
    }));
    return new Classifier(device, name, predicted, { ...parts, network: known.network });
  }
  report(`Training a classifier on ${learnedCount(data)} labeled images, whose features the scores use`);
  const network = await trainClassifier(device, module, data, options);
  const plain = labels.map((label): PredictedLabel => ({ name: label.name, classes: label.classes }));
  const classifier = new Classifier(device, name, plain, { ...parts, network });
  const first = learnedCount(data);
  const unseen = data.pictures.subarray(first * lengthOf(data));
  await classifier.test(unseen, labels.map(({ values }) => values.subarray(first)));
  for (const label of classifier.labels) {
    const percent = (100 * label.accuracy!).toFixed(1);
    report(`Its accuracy for ${label.name} on images that it was not trained on is ${percent}%`);
  }
  await keep(network, classifier.labels, path, folder).catch((error: Error) =>
    report(`Cannot keep the classifier for later runs: ${error.message}`)
  );
  return classifier;
}

async function recall(
  device: Device,
  module: ClassifierModule,
  path: string,
  folder: string,
  report: (message: string) => void,
): Promise<{ network: Network; accuracies: number[] } | undefined> {
  if (!host().may("read", path)) return undefined;
  if (!await host().stat(path).then(() => true, () => false)) return undefined;
  using owned = new DisposableStack();
  try {
    await checkOwnFolder(folder);
    const file = await readSafetensors(path);
    if (!isSealed(file)) throw new SyntaxError(`Cannot use ${path}: it must have a checksum, found none`);
    expectIntact(file, path);
    const accuracies: unknown = JSON.parse(file.metadata.accuracies ?? "");
    const network = owned.use(new Network(device, module));
    loadStateDict(network, file.tensors);
    owned.move();
    return { network, accuracies: accuracies as number[] };
  } catch (error) {
    report(`${(error as Error).message}. A new classifier takes its place`);
    return undefined;
  }
}

async function keep(
  network: Network,
  labels: readonly PredictedLabel[],
  path: string | undefined,
  folder: string | undefined,
): Promise<void> {
  if (path === undefined) throw new Error(`the user's folder for caches is not known: ${cacheAdvice()}`);
  await makeOwnFolder(folder!);
  const tensors = await stateDict(network);
  await writeSafetensors(
    path,
    tensors,
    sealed(tensors, { accuracies: JSON.stringify(labels.map(({ accuracy }) => accuracy)) }),
  );
}
