import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  chooseNamed,
  expectName,
  namedDirectionsPath,
  readNamedDirections,
  writeNamedDirections,
} from "../../../../src/dcgan/explore/directions/named_directions.ts";
import { withFolder } from "../../../support/temp_folder.ts";

const smile = { name: "smile", vector: Float32Array.of(0.6, 0.8), source: "weights 3" };
const origin = { name: "run", step: 10, weights: "ema" } as const;

Deno.test("writeNamedDirections() keeps names beside those that are there, each as it is last given", async () => {
  await withFolder(async (run) => {
    assertEquals((await readNamedDirections(run)).size, 0);
    const path = await writeNamedDirections(run, [smile], origin);
    assertEquals(path, `${run}/directions.json`);
    await writeNamedDirections(run, [{ ...smile, name: "turn", source: "factor turn" }], { step: undefined });
    await writeNamedDirections(run, [{ ...smile, vector: Float32Array.of(1, 0) }], origin);
    const all = await readNamedDirections(`${run}/checkpoints/step-000010`);
    assertEquals([...all.keys()], ["smile", "turn"]);
    assertEquals(all.get("smile"), { ...smile, vector: Float32Array.of(1, 0), step: 10 });
    assertEquals(all.get("turn")!.step, undefined);
  });
});

Deno.test("namedDirectionsPath() is beside a file of weights", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/netG.safetensors`, "");
    assertEquals(await namedDirectionsPath(`${folder}/netG.safetensors`), `${folder}/netG.directions.json`);
  });
});

Deno.test("chooseNamed() warns of other checkpoints, and rejects what is unknown or of another length", async () => {
  await withFolder(async (run) => {
    await writeNamedDirections(run, [smile], origin);
    const warnings: string[] = [];
    await chooseNamed(run, ["smile"], { latent: 2, origin }, warnings);
    assertEquals(warnings, []);
    await chooseNamed(run, ["smile"], { latent: 2, origin: { ...origin, step: 20 } }, warnings);
    assertEquals(warnings, [
      'Direction "smile" was found in step 10, and is used in step 20, where it may do something else',
    ]);
    await assertRejects(
      () => chooseNamed(run, ["grin"], { latent: 2, origin }, warnings),
      RangeError,
      'Cannot move along "grin": it must be a direction that has a name, one of: "smile"',
    );
    await assertRejects(
      () => chooseNamed(run, ["smile"], { latent: 3, origin }, warnings),
      RangeError,
      'Cannot move along "smile": it must have 3 numbers, as a latent vector has, found 2',
    );
  });
});

Deno.test("readNamedDirections() rejects a file that is damaged, by its path", async () => {
  await withFolder(async (run) => {
    for (const text of ["{", "[]", '{"smile": {"source": "x", "vector": []}}', '{"smile": 3}']) {
      await Deno.writeTextFile(`${run}/directions.json`, text);
      await assertRejects(() => readNamedDirections(run), SyntaxError, `${run}/directions.json`);
    }
  });
});

Deno.test("expectName() takes words only", () => {
  for (const name of ["smile", "glasses-2", "più"]) expectName(name);
  for (const name of ["", "3", "a b", "a=b", "a,b"]) {
    assertThrows(() => expectName(name), RangeError, "a word");
  }
});
