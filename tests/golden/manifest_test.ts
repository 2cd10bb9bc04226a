import { assertEquals, assertRejects } from "@std/assert";
import { encodeSafetensors, type TensorData } from "../../src/files/safetensors.ts";
import { sharedDevice } from "../support/gpu.ts";
import { floatsOf } from "./golden_case.ts";
import { type CaseDescription, folderOnDisk, readManifest } from "./manifest.ts";
import { runCase } from "./run.ts";

const tensors: Record<string, TensorData> = {
  "input.x": floatsOf([2], [-1, 2]),
  "output.y": floatsOf([2], [0, 2]),
  "grad_output.y": floatsOf([2], [3, 5]),
  "grad.x": floatsOf([2], [0, 5]),
};
const exact = { rtol: 0, atol: 0 };

/** A folder with one case of relu under a name of its own. */
async function withCase(
  body: (folder: string, description: CaseDescription) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const bytes = encodeSafetensors(new Map(Object.entries(tensors)));
    await Deno.writeFile(`${folder}/a.safetensors`, bytes);
    const description = {
      id: "a name that says nothing",
      op: "relu",
      file: "a.safetensors",
      params: {},
      tolerance: { "output.y": exact, "grad.x": exact },
      tensors: Object.fromEntries(
        Object.entries(tensors).map(([name, { dtype, shape }]) => [name, { dtype, shape }]),
      ),
      sha256: new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex(),
    };
    await Deno.writeTextFile(`${folder}/manifest.json`, JSON.stringify({ format: 1, cases: [description] }));
    await body(folder, description);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Exit code and last line of the task. */
async function runMain(...args: string[]): Promise<[code: number, lastLine: string | undefined]> {
  const main = `${import.meta.dirname}/main.ts`;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", main, ...args],
  }).output();
  const text = new TextDecoder().decode(stdout.length > 0 ? stdout : stderr);
  return [code, text.trim().split("\n").at(-1)];
}

Deno.test("runCase() passes a right case, and fails wrong ones with a sentence", () =>
  withCase(async (folder, description) => {
    const device = await sharedDevice();
    const problemsOf = async (changes: Partial<CaseDescription>) =>
      (await runCase(device, folderOnDisk(folder), { ...description, ...changes })).problems;
    const path = `${folder}/a.safetensors`;
    const y = { dtype: "F32", shape: [3] };

    assertEquals(await problemsOf({}), []);
    assertEquals(await problemsOf({ op: "tanh" }).then((problems) => problems.length), 2);
    assertEquals(await problemsOf({ op: "constructor" }), ["There is no op 'constructor' here"]);
    assertEquals((await problemsOf({ file: "b" }))[0]?.startsWith(`Cannot read ${folder}/b: `), true);
    assertEquals(await problemsOf({ sha256: "00" }), [
      `${path} has SHA-256 ${description.sha256}, the manifest says 00`,
    ]);
    assertEquals(await problemsOf({ tensors: { ...description.tensors, "output.y": y } }), [
      `${path} does not hold output.y F32 [3], which the manifest names`,
    ]);
    assertEquals(await problemsOf({ op: "softplus", params: { beta: 2 } }), [
      "Parameter 'beta' of softplus is 2: only 1 is supported",
    ]);
    assertEquals(await problemsOf({ op: "leaky_relu", params: { negative_slope: "0.2" } }), [
      `Parameter 'negative_slope' of leaky_relu must be a number, found "0.2"`,
    ]);
  }));

Deno.test("readManifest() says what is wrong with a manifest", () =>
  withCase(async (folder) => {
    const path = `${folder}/manifest.json`;
    const cases: [string, string][] = [
      ["{", `Cannot read ${path}: it is not JSON`],
      ["null", `Cannot read ${path}: expected "format": 1 and a list of "cases"`],
      [`{"format": 2, "cases": []}`, `Cannot read ${path}: expected "format": 1`],
      [`{"format": 1, "cases": [{"id": "a"}]}`, `Cannot read ${path}: case 0 has no text as its 'op'`],
    ];
    for (const [text, message] of cases) {
      await Deno.writeTextFile(path, text);
      await assertRejects(() => readManifest(folderOnDisk(folder)), SyntaxError, message);
    }
  }));

Deno.test("the golden task counts and sets its exit code", () =>
  withCase(async (folder, description) => {
    assertEquals(await runMain(folder), [0, "1 passed, 0 failed"]);
    assertEquals(await runMain(folder, "--list"), [0, `relu\t${description.id}`]);
    assertEquals(await runMain(folder, "--op", "tanh"), [
      1,
      `No case of op 'tanh' in ${folder}: its ops are relu`,
    ]);
    assertEquals((await runMain(folder, "--nope"))[0], 2);
    await Deno.writeFile(`${folder}/a.safetensors`, new Uint8Array(3));
    assertEquals(await runMain(folder), [1, "0 passed, 1 failed"]);
  }));
