import { sizeText } from "../../../../pictures/mod.ts";
import { CLASSES } from "../../../checkpoints/class_names.ts";
import { LATENT_DISTRIBUTION } from "../../../checkpoints/latent_distribution.ts";
import { lines, type ScriptFacts } from "./script_facts.ts";

/** File with all that the script starts from. */
export const STATE_FILE = "training.safetensors";

/** Methods that load and save what a training is. */
export function stateText({ config, isConditional, isAdaptive, hasAverage }: ScriptFacts): string {
  const about = [
    `"size": "${sizeText(config.size)}"`,
    `"${LATENT_DISTRIBUTION}": "${config.latentDistribution}"`,
    ...isConditional ? [`"${CLASSES}": json.dumps(CLASSES)`] : [],
  ];
  return `
    def load(self, state):
        """Goes on from a state. Returns the number of steps done."""
        self.netG.load_state_dict(state["netG"])
        self.netD.load_state_dict(state["netD"])
        for name, optimizer in (("optimizerG", self.optimizerG), ("optimizerD", self.optimizerD)):
            optimizer.load_state_dict({**optimizer.state_dict(), "state": state[name]["state"]})
${
    lines(
      2,
      hasAverage && `self.average.load_state_dict(state["netG"])
self.average_steps = state["average_steps"]
with torch.no_grad():
    for average, value in zip(self.average.parameters(), state["average"]):
        average.copy_(value)`,
      isAdaptive && 'self.probability, self.sum_of_signs = state["augmentation"]',
      'return state["step"]',
    )
  }
    def save(self, out, step):
        """Writes what goes on from here, the generator to draw from, and a grid of its samples."""
        for name, network in (("generator", self.netG), ("discriminator", self.netD)):
            if not all(torch.isfinite(value).all() for value in network.state_dict().values()):
                stop(f"A weight of the {name} is NaN or infinite after step {step}. {EARLIER}")
        if RANK != 0:
            return
        out.mkdir(parents=True, exist_ok=True)
        about = {${about.join(", ")}}
        state = {
            **about,
            "step": step,
            "netG": self.netG.state_dict(),
            "netD": self.netD.state_dict(),
            "optimizerG": self.optimizerG.state_dict(),
            "optimizerD": self.optimizerD.state_dict(),
${
    lines(
      3,
      hasAverage && `# As a list, since it would be a second generator by its names
"average": [value.detach() for value in self.average.parameters()],
"average_steps": self.average_steps,`,
      isAdaptive && '"augmentation": [self.probability, self.sum_of_signs],',
    )
  }        }
        network = copy.deepcopy(self.${hasAverage ? "average" : "netG"}).eval()
        write(out / "state.pt", state)
        write(out / "netG.pth", {**about, "netG": network.state_dict()})
        latents = latent_vectors(64).to(DEVICE)
        with torch.no_grad():
            images = network(latents${
    isConditional ? ", torch.arange(64, device=DEVICE) % len(CLASSES)" : ""
  })
        save_png(images.cpu(), out / f"samples-{step:06}.png")


def write(path, state):
    """Writes a file whole or not at all."""
    temporary = path.with_suffix(".tmp")
    torch.save(state, temporary)
    os.replace(temporary, path)


def read_state(path):
    """What a training goes on from: the run's, or what this script saved."""
    if path.suffix != ".safetensors":
        return torch.load(path, map_location="cpu")
    tensors = read_safetensors(path)

    def under(prefix):
        found = [name for name in tensors if name.startswith(prefix)]
        return {name[len(prefix) :]: tensors[name] for name in found}

    def optimizer(name):
        state = {}
        for key, tensor in under(f"{name}.state.").items():
            place, kind = key.split(".")
            state.setdefault(int(place), {})[kind] = tensor
        return {"state": state}

    return {
        "step": int(tensors["step"]),
        "netG": under("netG."),
        "netD": under("netD."),
        "optimizerG": optimizer("optimizerG"),
        "optimizerD": optimizer("optimizerD"),
${
    lines(
      2,
      hasAverage && `"average": list(under("average.").values()),
"average_steps": int(tensors["average_steps"]),`,
      isAdaptive && '"augmentation": tensors["augmentation"].tolist(),',
    )
  }    }
`;
}
