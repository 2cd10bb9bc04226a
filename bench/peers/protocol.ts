import { lines } from "../lines.ts";

/** Losses of a step: the discriminator's, real and fake images together, and the generator's. */
export type Losses = readonly [discriminator: number, generator: number];

/** One library, ready to train and draw. It does nothing between calls. */
export interface Contestant {
  /** Elements of all parameters of both networks. */
  readonly parameters: number;
  /** Runs training steps one after the other, and gives their losses once all of them are done. */
  train(steps: number): Promise<Losses[]>;
  /** Draws batches one after the other; done once the pictures of the last are on the host. */
  sample(batches: number): Promise<void>;
  /** Pictures of a batch, in [-1, 1] and in any order. */
  pictures(): Promise<Float32Array>;
}

/** What a contestant is asked to do: a line of words. */
export type Command = "train" | "sample" | "inspect";

/** What a contestant answers: a line of JSON. */
export interface Reply {
  /** Time taken. */
  readonly milliseconds: number;
  /** Elements of all parameters. */
  readonly parameters: number;
  /** Losses of the steps run, if any were. */
  readonly losses: readonly Losses[];
  /** Root of the mean square of the pictures drawn, where they were asked for. */
  readonly level?: number;
}

/** Answers the lines that come through stdin with lines on stdout, until stdin ends. */
export async function serve(open: () => Promise<Contestant>): Promise<void> {
  // Libraries print greetings, which must not get between the answers.
  console.log = console.info = console.debug = console.error;
  let contestant: Contestant | undefined;
  for await (const line of lines(Deno.stdin.readable)) {
    const [command, count = "1"] = line.split(" ");
    contestant ??= await open();
    const reply = await answer(contestant, command as Command, Number(count));
    await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(reply)}\n`));
  }
  // Libraries keep threads and timers that would hold the process.
  Deno.exit(0);
}

/** Has a contestant do something, and measures it. */
export async function answer(contestant: Contestant, command: Command, count: number): Promise<Reply> {
  const { parameters } = contestant;
  const start = performance.now();
  if (command === "inspect") {
    const pictures = await contestant.pictures();
    const level = Math.sqrt(pictures.reduce((sum, value) => sum + value * value, 0) / pictures.length);
    return { milliseconds: performance.now() - start, parameters, losses: [], level };
  }
  const losses = command === "train" ? await contestant.train(count) : [];
  if (command === "sample") await contestant.sample(count);
  return { milliseconds: performance.now() - start, parameters, losses };
}
