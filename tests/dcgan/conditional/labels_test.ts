/** Where a conditional run gets its classes from. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { type OpenDataset, openDataset } from "../../../plugins/datasets/mod.ts";
import { Batches } from "../../../src/dcgan/batches/batches.ts";
import { chooseLabel, classWarnings } from "../../../src/dcgan/batches/choose_label.ts";
import { recordBatch } from "../../../src/dcgan/batches/record_batch.ts";
import { ResidentPictures } from "../../../src/dcgan/batches/resident_pictures.ts";
import { StreamedPictures } from "../../../src/dcgan/batches/streamed_pictures.ts";
import { UploadedPictures } from "../../../src/dcgan/batches/uploaded_pictures.ts";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../src/dcgan/options/config_issue.ts";
import { sampleLabels } from "../../../src/dcgan/scores/sample_labels.ts";
import { chosenPlaces } from "../../../src/dcgan/scores/reference.ts";
import { Trainer } from "../../../src/dcgan/trainer.ts";
import { gpuTest } from "../../support/gpu.ts";
import { batchOf, bytesOf, tiny } from "../tiny.ts";

const openFaces = (length: number): Promise<OpenDataset> =>
  openDataset("faces", { size: tiny.size, options: { length } });

/** A dataset with these labels, of which only the labels are looked at. */
const withLabels = (labels: OpenDataset["labels"]) => ({ name: "some", labels } as OpenDataset);

const at = () => 0;

Deno.test("chooseLabel() takes the only label with classes, or the one that is named", () => {
  const one = withLabels({ age: { at }, kind: { classes: ["cat", "dog"], at } });
  assertEquals(chooseLabel(one, true), { name: "kind", classes: ["cat", "dog"] });
  assertEquals(chooseLabel(one, "kind"), chooseLabel(one, true));
  assertEquals([chooseLabel(one, false), chooseLabel(one)], [undefined, undefined]);
  const two = withLabels({ ...one.labels, color: { classes: ["red", "blue", "green"], at } });
  assertEquals(chooseLabel(two, "color")?.classes.length, 3);
  const refused: [OpenDataset, boolean | string, string][] = [
    [two, true, 'must name one of the labels "kind", "color", found true: some has several'],
    [two, "age", 'must be one of the labels "kind", "color", found "age"'],
    [withLabels({}), true, 'found none in dataset "some": put pictures into a folder for each class'],
    [
      withLabels({ kind: { classes: ["cat"], at } }),
      "kind",
      "needs images with a label of 2 to 1,024 classes",
    ],
  ];
  for (const [dataset, conditional, sentence] of refused) {
    assertThrows(() => chooseLabel(dataset, conditional), ConfigError, sentence);
  }
});

Deno.test("classWarnings() names a class without pictures", () => {
  const classes = ["cat", "dog", "cow", "hen"];
  const config = { conditional: "kind", classes };
  const warnings = (at: (index: number) => number) =>
    classWarnings({ ...withLabels({ kind: { classes, at } }), length: 10 }, config);
  assertEquals(warnings((index) => index % 4), []);
  assertEquals(warnings((index) => index % 3), [
    'There are no images of class "hen": samples of classes without images show nothing of use',
  ]);
  assert(warnings(() => 1)[0]!.startsWith('There are no images of class "cat" and of 2 more:'));
  assertEquals(classWarnings(withLabels({}), resolveConfig({})), []);
});

gpuTest(
  "Both sources give the classes of the pictures of each step, and fake ones the same",
  async (device) => {
    await using faces = await openFaces(7);
    const label = chooseLabel(faces, "hair_style")!;
    for (const [dSteps, gSteps, fresh] of [[1, 1, 0], [1, 3, 2], [2, 1, 1], [2, 2, 2]] as const) {
      const config = resolveConfig({ ...tiny, conditional: true, dSteps, gSteps }, { label });
      assertEquals(config.conditional, "hair_style");
      const order = new Batches(faces, dSteps * tiny.batch, tiny.seed);
      for (const Source of [ResidentPictures, StreamedPictures]) {
        using source = new Source(device, faces, config);
        using counter = device.state([1], "u32");
        using program = device.program({}, () => {
          const { real, fake } = recordBatch(source, counter, config).labels!;
          return { real, fake };
        });
        for (const step of [0, 1, 90]) {
          counter.set([step]);
          program.run();
          const [real, fake] = await device.read([program.outputs.real, program.outputs.fake]);
          const expected = order.indices(step).map((index) => faces.labels.hair_style!.at(index));
          assertEquals([...real!], expected, Source.name);
          const last = expected.slice(-tiny.batch);
          assertEquals([...fake!], [...expected, ...Array.from({ length: fresh }, () => last).flat()]);
        }
      }
    }
  },
);

gpuTest("LabelTable and recordBatch() want labels where there are classes", async (device) => {
  await using faces = await openFaces(5);
  const label = { name: "kind", classes: ["a", "b"] };
  const config = resolveConfig({ ...tiny, conditional: true }, { label });
  for (const Source of [ResidentPictures, StreamedPictures]) {
    assertThrows(
      () => new Source(device, faces, config),
      RangeError,
      'must have the label "kind", found skin',
    );
    using plain = new Source(device, faces, resolveConfig(tiny));
    assertThrows(
      () => plain.recordLabels(device.state([1], "u32")),
      TypeError,
      "must have classes, found none",
    );
  }
  const unlabeled = {
    record: () => device.state([1]),
    prepare: () => undefined,
    [Symbol.dispose]: () => {},
  };
  const record = () => recordBatch(unlabeled, device.state([1], "u32"), config);
  assertThrows(record, TypeError, "must have recordLabels(), found none");
});

gpuTest(
  "Trainer.step() takes the class of each image of a conditional run, and no others",
  async (device) => {
    const label = { name: "kind", classes: ["a", "b", "c"] };
    const config = resolveConfig({ ...tiny, conditional: true }, { label });
    const trained = async (labels: number[]) => {
      using trainer = new Trainer(device, config);
      for (let step = 0; step < 2; step++) trainer.step(batchOf(step), { labels });
      return `${await bytesOf(trainer)}`;
    };
    const first = await trained([0, 1, 2, 1]);
    assertEquals(await trained([0, 1, 2, 1]), first);
    assert(await trained([0, 1, 2, 2]) !== first);
    using trainer = new Trainer(device, config);
    const refuse = (labels: number[] | undefined, kind: typeof TypeError, sentence: string) =>
      void assertThrows(() => trainer.step(batchOf(0), labels ? { labels } : {}), kind, sentence);
    refuse(undefined, TypeError, "a conditional run needs their labels, found none");
    refuse([0, 1, 2], RangeError, "3");
    refuse([0, 1, 2, 3], RangeError, "a label must be a whole number from 0 to 2, found 3");
    refuse([0, 1, 2, -1], RangeError, "found -1");
    using plain = new UploadedPictures(device, resolveConfig(tiny));
    assertThrows(() => plain.write(batchOf(0), [0, 0, 0, 0]), TypeError, "there must be no labels, found 4");
    assertThrows(
      () => new Trainer(device, resolveConfig({ ...tiny, conditional: true })),
      ConfigError,
      '"conditional" needs the classes of the dataset',
    );
  },
);

Deno.test("sampleLabels() has the classes of the data as often as its pictures", async () => {
  await using faces = await openFaces(200);
  const label = chooseLabel(faces, "glasses")!;
  const config = resolveConfig({ conditional: "glasses" }, { label });
  const labels = sampleLabels(faces, config, 150)!;
  assertEquals(labels, chosenPlaces(faces, 150).map((place) => faces.labels.glasses!.at(place)));
  // There are no more pictures: samples begin anew
  assertEquals(sampleLabels(faces, config, 1000)!.length, 200);
  assertEquals(sampleLabels(faces, resolveConfig({}), 150), undefined);
  assertThrows(
    () => sampleLabels(withLabels({}), config, 5),
    RangeError,
    'must have the label "glasses", found none',
  );
});
