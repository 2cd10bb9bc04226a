/** The page: its views, and the worker they share. */
import type { StudioContext, StudioEvents, ViewName } from "./context.ts";
import { EngineClient } from "./engine/client.ts";
import { mount as mountExplore } from "./explore/mod.ts";
import { mount as mountInside } from "./inside/mod.ts";
import { fillTexts } from "./page/fill_texts.ts";
import { startTabs } from "./page/tabs.ts";
import { startTheme } from "./page/theme.ts";
import { startWorker } from "./page/start_worker.ts";
import { text } from "./text.ts";
import { mount as mountTrain } from "./train/mod.ts";

const byId = (id: string): HTMLElement => document.getElementById(id)!;

fillTexts(document, text);
startTheme(byId("theme") as HTMLSelectElement);

const listeners = new Map<string, Set<(value: never) => void>>();
let model: StudioContext["model"];
let shown: ViewName = "train";

const context: StudioContext = {
  text,
  engine: new EngineClient(startWorker()),
  get model() {
    return model;
  },
  get shown() {
    return shown;
  },
  on(event, hear) {
    const heard = listeners.get(event) ?? new Set();
    listeners.set(event, heard.add(hear));
    return () => heard.delete(hear);
  },
  tell(event, value) {
    if (event === "model") model = value as StudioEvents["model"];
    if (event === "step" && model) model = { ...model, step: value as number };
    for (const hear of listeners.get(event) ?? []) hear(value as never);
  },
  say(sentence) {
    byId("status").textContent = sentence;
  },
  show: (view) => showTab(view),
};

const showTab = startTabs(byId("views"), (view) => {
  shown = view;
  context.tell("show", view);
});

mountTrain(byId("train"), context);
mountExplore(byId("explore"), context);
mountInside(byId("inside"), context);
