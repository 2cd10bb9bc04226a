/** Words of the See inside view. */
export const insideText = {
  intro:
    "A GAN is two networks that learn from each other. The generator G turns random numbers z into a picture. " +
    "The discriminator D turns a picture into one number, the logit: above 0 it takes the picture for real, below 0 " +
    "for made.",
  onlyGenerator: "This file has a generator alone. Open its run to see the discriminator.",
  pictures: {
    title: "The pictures",
    hint:
      "Samples of the generator, and pictures of your own beside them. Choose one to see what the networks make of it.",
    samples: "Other samples",
    add: "Add pictures",
    sample: (place: string) => `Sample ${place}`,
    clear: "Take yours away",
  },
  judged: {
    title: "What D says",
    formulaWords: "p is sigma of D of x: one over one plus e to the minus D of x",
    paragraph:
      "D gives each picture a logit. With the original loss, σ makes of it a probability that the picture is " +
      "real: 0 is a half, 3 about 95%, −3 about 5%. A logit has no unit, and other losses use it in other ways, so " +
      "compare pictures with each other. D in balance with G gives samples and real pictures about the same.",
    caption: (samples: string, yours: string) =>
      yours === "" ? `Samples ${samples}` : `Samples ${samples}, yours ${yours}`,
    mean: (value: string) => `mean ${value}`,
    samples: "Samples",
    yours: "Yours",
    real: "more real",
    fake: "more made",
    point: (name: string, logit: string, percent: string) => `${name}: logit ${logit}, ${percent}`,
  },
  looks: {
    title: "What D looks at",
    formulaWords: "h at pixel i, j is the largest absolute derivative of D of x by a channel of that pixel",
    paragraph:
      "The gradient of the logit by the picture says how much a small change of each pixel would change D's " +
      "mind. Where it is bright, D is sensitive: these pixels decide. This same gradient, passed on through G, is all " +
      "that G ever learns of pictures.",
    guided: "Guided: only what raises the logit on all of the way",
    guidedHint: "Springenberg et al. 2014. Clearer, but further from what D computes.",
    guidedMissing: "The guided variant needs a discriminator without classes.",
    logit: (value: string) => `D(x) = ${value}`,
    heat: (name: string) => `What D looks at in ${name}`,
  },
  maps: {
    title: "Layer by layer",
    formulaWords: "the maps of layer l are an activation of the normalized convolution of the maps before",
    paragraph:
      "Each layer turns maps into other maps. In G they grow from a few coarse numbers to a picture; in D they " +
      "shrink from a picture to a few numbers that say what is where. Each square below is one map: black is its " +
      "smallest number, white its largest.",
    generator: "The generator: from numbers to a picture",
    discriminator: "The discriminator: from a picture to the logit",
    layer: (number: number, width: number, height: number, channels: number) =>
      `Layer ${number}: ${channels} ${channels === 1 ? "map" : "maps"} of ${width} × ${height}`,
    shown: (count: number) => `The first ${count} are shown.`,
    flat: (count: number) =>
      count === 1
        ? "One map is the same everywhere: it says nothing about this picture."
        : `${count} maps are the same everywhere: they say nothing about this picture.`,
    picture: "This is the picture itself, a map for each color.",
    own: "No latent vector is known of a picture of your own, so G has no maps of it.",
  },
  step: {
    title: "What one step changes",
    formulaWords:
      "each weight goes against its mean gradient m, divided by the root of its mean square v, times the " +
      "learning rate eta",
    paragraph:
      "In one step a network sees one batch, and each weight moves a little against its gradient (Adam). D " +
      "learns to push the logits of samples down and of real pictures up; G learns to push those of its samples up. " +
      "The bars show how far each layer moved, as a share of its length.",
    discriminator: "One step of D",
    generator: "One step of G",
    needs: "This needs a model that trains in this tab, with its pictures. Start a run in the Train view.",
    pauses: "The training in the Train view pauses. A step of one network alone is not counted there.",
    train: "Go to training",
    working: "Doing one step…",
    did: (network: string) => `One step of ${network}`,
    names: { discriminator: "D", generator: "G" },
    logits: (before: string, after: string) => `Mean logit of the samples: ${before} before, ${after} after.`,
    before: "Before",
    after: "After",
    difference: "Change, enlarged",
    same: "The samples are the same: G did not learn.",
    layer: "Layer",
    moved: "Moved by",
    still: (network: string) => `${network} did not change.`,
    changed: (network: string) => `How far the layers of ${network} moved`,
    times: (factor: number) => `The largest change of a level is ${factor} of 255.`,
  },
};
