import type { BrowserPage } from "../../scripts/runtimes/page.ts";
import type { Contender } from "../peers/contenders.ts";
import { Inspection } from "../peers/inspection.ts";
import type { Problem } from "../peers/problem.ts";
import type { Command, Reply } from "../peers/protocol.ts";
import type { Racer } from "../peers/race.ts";
import type { PageCommand } from "./page.ts";

/** Seconds that a page may take for an answer. */
const PATIENCE = 600;

/** A contender in a tab. Several may be in one, since only one is asked at a time. */
export class TabRacer implements Racer {
  /** Who it is. */
  readonly contender: Contender;
  /** What its answers tell. */
  readonly inspection: Inspection;
  #page: BrowserPage;
  #who: PageCommand["who"];
  #problem: Problem;

  /** One of a page's contestants. */
  constructor(page: BrowserPage, who: PageCommand["who"], contender: Contender, problem: Problem) {
    this.contender = contender;
    this.inspection = new Inspection(contender.name);
    this.#page = page;
    this.#who = who;
    this.#problem = problem;
  }

  /**
   * Has it do something, and waits.
   *
   * @throws {Error} if it cannot.
   */
  async ask(command: Command, count = 1): Promise<Reply> {
    const asked: PageCommand = { who: this.#who, command, count, problem: this.#problem };
    this.#page.send(JSON.stringify(asked));
    const text = await this.#page.hear(PATIENCE);
    const reply: Reply | { readonly message: string } = JSON.parse(text ?? `{"message":"the browser ended"}`);
    if ("message" in reply) throw new Error(`${this.contender.name} gave up: ${reply.message}`);
    this.inspection.see(reply);
    return reply;
  }
}
