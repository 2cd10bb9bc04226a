/** Runs in a page: our contestant and TensorFlow.js in one tab, each opened when it is asked for the first time. */
import "../../src/host/on_plain.ts";
import type { PagePort } from "../../scripts/runtimes/page.ts";
import { openOurs } from "../peers/our_contestant.ts";
import { answer, type Command, type Contestant } from "../peers/protocol.ts";
import type { Problem } from "../peers/problem.ts";

/** What a page is asked: a contestant does something so many times. */
export interface PageCommand {
  /** Who. */
  readonly who: "ours" | "tensorflow";
  /** What. */
  readonly command: Command;
  /** How often. */
  readonly count: number;
  /** What is trained. */
  readonly problem: Problem;
}

/** Answers commands with replies, in JSON, until there are none any more. */
export async function main({ ask, say }: PagePort): Promise<void> {
  const open: Record<PageCommand["who"], (problem: Problem) => Promise<Contestant>> = {
    ours: openOurs,
    async tensorflow(problem) {
      // Put there beside this bundle, since it has a configuration of its own
      const address = "/files/tensorflow.js";
      return (await import(address)).open(problem, true);
    },
  };
  const contestants = new Map<string, Contestant>();
  for (let text = await ask(); text !== undefined; text = await ask()) {
    const { who, command, count, problem }: PageCommand = JSON.parse(text);
    const contestant = contestants.get(who) ?? await open[who](problem);
    contestants.set(who, contestant);
    await say(JSON.stringify(await answer(contestant, command, count)));
  }
}
