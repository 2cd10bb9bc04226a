import type { TrainEvent } from "../../../src/dcgan/run/events.ts";
import type { TrainNews } from "../news.ts";

/** What the page is told of an event of a run that goes on; undefined for those that it does not show. */
export function newsOf(event: TrainEvent): TrainNews | undefined {
  switch (event.type) {
    case "timing":
      return { type: "timing" };
    case "metrics": {
      const { epoch, imagesPerSecond, secondsLeft, ...point } = event;
      return { type: "numbers", point, epoch, imagesPerSecond, secondsLeft };
    }
    case "judgment": {
      const { step, kind, message } = event;
      return { type: "judgment", step, kind, message };
    }
    case "warning":
      return { type: "warning", message: event.message };
    case "end":
      return { type: "end", step: event.step, verdict: event.verdict };
    default:
      return undefined;
  }
}
