import { host } from "../../../src/host/host.ts";
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

/** What the page is told of an error that ended a run. */
export function newsOfFailure(error: Error): TrainNews {
  const { name, message } = error;
  return { type: "failed", name, message, isFull: isOfSpace(error) };
}

/** Whether an error comes of one that says that there is no space left. */
function isOfSpace(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return host().problemOf(error) === "NoSpace" || isOfSpace(error.cause);
}
