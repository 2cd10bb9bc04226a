import type { StudioContext } from "../../context.ts";
import { EngineError } from "../../engine/client.ts";
import { element } from "../../page/element.ts";

/** Does things, and shows what goes wrong. */
export interface Attempter {
  /** Does something. What goes wrong is shown, and read aloud; a task that was stopped is not wrong. */
  attempt(task: () => Promise<void>): Promise<void>;
  /** Where it is shown. */
  readonly notice: HTMLElement;
}

/** One for a view. */
export function attempter({ say, text }: StudioContext): Attempter {
  const notice = element("p", { class: "notice-bad", hidden: true });
  return {
    notice,
    async attempt(task) {
      try {
        await task();
        notice.hidden = true;
      } catch (error) {
        if (error instanceof EngineError && error.name === "AbortError") return say(text.explore.stopped);
        const { message } = error as Error;
        notice.textContent = message;
        notice.hidden = false;
        say(message);
      }
    },
  };
}
