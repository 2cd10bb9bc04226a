import "../../../src/host/on_native.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { readTorchFile } from "../../../src/files/torch/torch_file.ts";

/** A file that `save_files.py` wrote with PyTorch 1.13. */
const saved = (name: string) => new URL(`./saved/${name}`, import.meta.url);

const NAMES = [
  "main.0.weight",
  ...["weight", "bias", "running_mean", "running_var", "num_batches_tracked"].map((name) => `main.1.${name}`),
  "main.3.weight",
  ...["weight", "bias", "running_mean", "running_var", "num_batches_tracked"].map((name) => `main.4.${name}`),
  "main.6.weight",
];

Deno.test("readTorchFile() reads zips and older files of every protocol to the same tensors", async () => {
  const { tensors } = await readTorchFile(saved("zip.pth"));
  assertEquals([...tensors.keys()], NAMES);
  assertEquals(tensors.get("main.0.weight")!.shape, [4, 8, 4, 4]);
  assertEquals(tensors.get("main.1.num_batches_tracked"), {
    dtype: "I64",
    shape: [],
    data: BigInt64Array.of(3n),
  });
  const names = ["legacy", "protocol3", "protocol4", "legacy3", "legacy4", "parameters"];
  for (const name of names) assertEquals((await readTorchFile(saved(`${name}.pth`))).tensors, tensors, name);
});

Deno.test("readTorchFile() reads floats of 16 and of 64 bits", async () => {
  const { tensors } = await readTorchFile(saved("zip.pth"));
  const weight = tensors.get("main.0.weight")!.data as Float32Array;
  const other = async (name: string) => (await readTorchFile(saved(name))).tensors.get("main.0.weight")!;
  assertEquals(await other("double.pth"), {
    dtype: "F64",
    shape: [4, 8, 4, 4],
    data: Float64Array.from(weight),
  });
  assertEquals(await other("half.pth"), {
    dtype: "F16",
    shape: [4, 8, 4, 4],
    data: Float16Array.from(weight),
  });
  const { dtype, data } = await other("bfloat16.pth");
  assertEquals(dtype, "F32");
  // The upper half of each number, rounded to even
  const rounded = new Uint32Array(weight.slice().buffer).map((bits) =>
    (bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000) >>> 0
  );
  assertEquals(data, new Float32Array(rounded.buffer));
});

Deno.test("readTorchFile() reads parts of storages, whatever their strides, and other numbers", async () => {
  const everything = Float32Array.from({ length: 24 }, (_, i) => i);
  const transposed = Float32Array.from({ length: 24 }, (_, i) => i % 6 * 4 + Math.floor(i / 6));
  for (const name of ["layouts.pt", "legacy_layouts.pt"]) {
    const { tensors } = await readTorchFile(saved(name));
    const found = Object.fromEntries([...tensors].map(([name, { data }]) => [name, data]));
    assertEquals(found, {
      transposed,
      every_second: everything.filter((value) => value % 2 === 1),
      one_plane: everything.slice(12),
      expanded: new Float32Array(6).fill(7),
      channels_last: everything.slice(0, 16),
      scalar: Float32Array.of(2.5),
      empty: new Float32Array(0),
      int8: Int32Array.of(-1, 2),
      int16: Int32Array.of(-300, 2),
      int32: Int32Array.of(-70000, 2),
      int64: BigInt64Array.of(-(2n ** 40n), 2n),
      uint8: Uint8Array.of(200, 2),
      bool: Uint8Array.of(1, 0),
    });
    assertEquals(tensors.get("transposed")!.shape, [4, 2, 3]);
    assertEquals(tensors.get("scalar")!.shape, []);
  }
});

Deno.test("readTorchFile() takes dictionaries apart, and keeps numbers and texts", async () => {
  const { tensors, values } = await readTorchFile(saved("checkpoint.pt"));
  assertEquals(tensors.get("netG.module.main.0.weight")!.shape, [4, 8, 4, 4]);
  assertEquals(tensors.get("optimizerG.state.0.exp_avg")!.shape, [4, 8, 4, 4]);
  assertEquals(tensors.get("optimizerG.state.0.step")!.data, Float32Array.of(3));
  assertEquals(values.get("epoch"), 3);
  assertEquals(values.get("note"), "three steps");
  assertEquals(values.get("optimizerG.param_groups.0.betas.0"), 0.5);
  assertEquals(values.get("optimizerG.param_groups.0.amsgrad"), false);
  assertEquals([...(await readTorchFile(saved("tensor.pt"))).tensors.keys()], ["tensor"]);
});

Deno.test("readTorchFile() names what it does not make, and what to do", async () => {
  const cases = {
    "module.pth": ["it holds a whole module, __main__.Generator,", `weights_only=False).state_dict(), "`],
    "module_in_dict.pth": ["a whole module under 'model', __main__.Generator,", `)["model"].state_dict()`],
    "numpy.pth": ["it holds an object of numpy.core.multiarray.scalar under 'best'", "netG.state_dict()"],
    "complex.pth": ["it holds numbers of torch.ComplexFloatStorage, which are not read", ""],
    "script.pt": ["it is a program of TorchScript (torch.jit.save)", "torch.jit.load("],
    "latents.npy": ["it is a NumPy array", ""],
  };
  for (const [name, words] of Object.entries(cases)) {
    const { message } = await assertRejects(() => readTorchFile(saved(name)), SyntaxError);
    for (const part of [`Cannot read ${saved(name)}: `, ...words]) assertStringIncludes(message, part);
  }
});
