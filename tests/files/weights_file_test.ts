import "../../src/host/on_native.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { encodeSafetensors, type TensorData } from "../../src/files/safetensors.ts";
import { readWeights } from "../../src/files/weights_file.ts";
import { withFolder } from "../support/temp_folder.ts";

const saved = (name: string) => new URL(`./torch/saved/${name}`, import.meta.url);

Deno.test("readWeights() tells files by their content, whatever their name", async () => {
  await withFolder(async (folder) => {
    const bias: TensorData = { dtype: "F32", shape: [2], data: Float32Array.of(1, 2) };
    await Deno.writeFile(`${folder}/a.pth`, encodeSafetensors(new Map([["bias", bias]]), { size: "64x48" }));
    const { tensors, metadata } = await readWeights(`${folder}/a.pth`);
    assertEquals([tensors.get("bias"), metadata], [bias, { size: "64x48" }]);
    for (const name of ["zip.pth", "legacy.pth"]) {
      await Deno.copyFile(saved(name), `${folder}/b.safetensors`);
      assertEquals((await readWeights(`${folder}/b.safetensors`)).tensors.size, 13);
    }
    await Deno.writeTextFile(`${folder}/c.pth`, "<html>");
    await assertRejects(() => readWeights(`${folder}/c.pth`), SyntaxError, "it is a web page");
  });
});

Deno.test("readWeights() reads safetensors whose header's length begins as a pickle does", async () => {
  await withFolder(async (folder) => {
    for (const length of [0x0280, 0x0380, 0x0480, 0x0580]) {
      const file = new Uint8Array(8 + length).fill(0x20);
      new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
      file.set(new TextEncoder().encode("{}"), 8);
      await Deno.writeFile(`${folder}/a.safetensors`, file);
      assertEquals((await readWeights(`${folder}/a.safetensors`)).tensors.size, 0);
    }
  });
});

Deno.test("readWeights() keeps numbers and texts beside the weights", async () => {
  const { values, metadata } = await readWeights(saved("checkpoint.pt"));
  assertEquals([values.get("epoch"), values.get("note"), metadata], [3, "three steps", {}]);
});
