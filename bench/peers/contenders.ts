/** Who takes part. */
export interface Contender {
  /** For people, and for `--only`. */
  readonly name: string;
  /** The program, from this folder; one in Python is run by the Python that has PyTorch. */
  readonly program: string;
  /** The `deno.json` with its imports, from this folder. */
  readonly config: string;
  /** Further arguments of the program. */
  readonly args: readonly string[];
  /** Threads that it computes on, if it is told. It is compared with ours on as many. */
  readonly threads?: number;
  /** Whether it draws samples too; one of those whose sampling is the same does. */
  readonly samples: boolean;
  /** Whether a peer's strided convolutions or their gradients are the library's own, where a faster way is known. */
  readonly asItComes: boolean;
  /** What it is one way to run of, if there are several: only the fastest of them counts. */
  readonly wayOf?: string;
}

const contender = { config: "deno.json", args: [], samples: true, asItComes: false } as const;

/** The product, on all threads that its adapter takes. */
export const OURS: Contender = {
  ...contender,
  name: "@x/dcgan",
  program: "ours.ts",
  config: "../../deno.json",
};

/** The product on as many threads as a contender; Mesa's driver can be told. */
export function oursBeside({ threads }: Contender): Contender {
  return threads === undefined ? OURS : { ...OURS, name: `@x/dcgan, ${threadsText(threads)}`, threads };
}

/** Whether a contender is the product. */
export function isOurs({ program }: Contender): boolean {
  return program === OURS.program;
}

/** Whether a contender is run by Python. */
export function isPython({ program }: Contender): boolean {
  return program.endsWith(".py");
}

/** Peers that run in Deno, in the order of the tables. */
export const PEERS: readonly Contender[] = [
  {
    ...contender,
    name: "TensorFlow.js webgpu, as it comes",
    program: "contestants/tensorflow_webgpu.ts",
    samples: false,
    asItComes: true,
  },
  {
    ...contender,
    name: "TensorFlow.js webgpu, better filter gradient",
    program: "contestants/tensorflow_webgpu_improved.ts",
  },
  { ...contender, name: "jax-js webgpu, as it comes", program: "contestants/jax_webgpu.ts", asItComes: true },
  { ...contender, name: "jax-js webgpu, dense convolutions", program: "contestants/jax_webgpu_improved.ts" },
  {
    ...contender,
    name: "TensorFlow.js wasm, better filter gradient",
    program: "contestants/tensorflow_wasm.ts",
  },
];

/** PyTorch on a processor, on one thread and on two if there are two, in both layouts of its pictures. */
export function pytorchOn(processors: number): Contender[] {
  return [1, 2].filter((threads) => threads <= processors).flatMap((threads) =>
    ["channels first", "channels last"].map((layout) => ({
      ...contender,
      name: `PyTorch, ${threadsText(threads)}, ${layout}`,
      program: "contestants/pytorch.py",
      args: ["--threads", `${threads}`, "--layout", layout],
      threads,
      wayOf: `PyTorch, ${threadsText(threads)}`,
    }))
  );
}

function threadsText(threads: number): string {
  return threads === 1 ? "1 thread" : `${threads} threads`;
}
