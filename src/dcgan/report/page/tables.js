// The page has all files of this folder in one script, which a linter of one file cannot know
// deno-lint-ignore-file no-unused-vars

/** Makes an element. Text becomes text, whatever is in it: nothing of a run is ever read as markup. */
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** How good the samples are, what to do next, and what is wrong. */
function verdictParts({ verdict, advice }) {
  const parts = [];
  if (verdict) {
    parts.push(make(
      "div",
      { class: "verdict" },
      make("p", { class: "sentence" }, sentence(verdict.sentence)),
      make("p", {}, "What next: ", sentence(verdict.next)),
      make("p", { class: "faint" }, `By the scores of step ${verdict.step.toLocaleString("en-US")}.`),
    ));
  } else {
    parts.push(make("p", { class: "faint" }, "The samples of this run were not scored: look at them below."));
  }
  if (advice.length > 0) {
    const items = advice.map(({ step, message }) =>
      make(
        "li",
        {},
        step === 0 ? "" : make("b", {}, `Step ${step.toLocaleString("en-US")}: `),
        sentence(message),
      )
    );
    parts.push(
      make("section", { "aria-label": "Advice" }, make("h2", {}, "Advice"), make("ul", {}, ...items)),
    );
  }
  return parts;
}

/** A text as a sentence, with a capital and a point. */
function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}

/** What stands below the curves. */
function tablesOf({ scores, scoredSteps, dataset, config, changes, machine }) {
  return [
    ...scores.length > 0 ? [scoreTable(scores, scoredSteps)] : [],
    section("Dataset", facts(dataset)),
    section(
      "Options that differ from their defaults",
      configTable(config.different),
      ...changes.length > 0 ? [make("h3", {}, "Changed on the way"), list(changes)] : [],
      details("same", `The other ${config.same.length} options, at their defaults`, configTable(config.same)),
    ),
    section("Machine and time", facts(machine)),
  ];
}

function section(title, ...children) {
  return make("section", {}, make("h2", {}, title), ...children);
}

function details(name, title, ...children) {
  const element = make("details", {}, make("summary", {}, title), ...children);
  element.dataset.name = name;
  return element;
}

function list(items) {
  return make("ul", {}, ...items.map((item) => make("li", {}, item)));
}

function facts(rows) {
  return make("dl", {}, ...rows.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
}

function scoreTable(rows, steps) {
  const head = ["Score", ...steps.map((step) => `Step ${step.toLocaleString("en-US")}`)];
  return section(
    "Scores",
    table(
      head,
      rows.map((
        { title, meaning, values },
      ) => [[title, make("small", {}, meaning)], ...values.map((value) => [value])]),
      "numbers",
    ),
  );
}

function configTable(rows) {
  return table(
    ["Option", "Value", "Default"],
    rows.map(({ name, value, default: usual = "chosen by the run", summary }) => [
      [make("code", {}, name), make("small", {}, summary)],
      [value],
      [usual],
    ]),
    "options",
  );
}

function table(head, rows, kind) {
  const cells = head.map((text) => make("th", { scope: "col" }, text));
  const body = rows.map(([name, ...others]) =>
    make("tr", {}, make("th", { scope: "row" }, ...name), ...others.map((cell) => make("td", {}, ...cell)))
  );
  const whole = make(
    "table",
    { class: kind },
    make("thead", {}, make("tr", {}, ...cells)),
    make("tbody", {}, ...body),
  );
  // Reached by keyboard, as it scrolls where it is wider than the page
  return make("div", { class: "wide", tabindex: "0", role: "group", "aria-label": head[0] }, whole);
}
