"""The training step of PyTorch's examples/dcgan, timed: `deno task bench:gpu` runs this beside its own.

The same networks, losses and optimizers, in its own words: the discriminator learns from real pictures and from made
ones in two passes, then the generator through the discriminator just updated. A step takes in a batch of bytes from
the host, as ours does. Writes JSON to standard output; what went wrong, to standard error.
"""

import argparse
import json
import pathlib
import sys
import time

try:
    import torch
    from torch import nn
except ImportError as error:
    sys.exit(f"PyTorch not found, skipped: {error}")

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "pytorch"))
from dcgan import LAYOUTS, count_parameters, discriminator, generator


def start(module):
    """The first values of examples/dcgan."""
    for layer in module.modules():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.normal_(layer.weight, 0.0, 0.02)
        elif isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.weight, 1.0, 0.02)


class Training:
    """Both networks with their optimizers, and a step."""

    def __init__(self, shape, device, layout, compiled):
        torch.manual_seed(1)
        self.shape, self.device, self.layout = shape, device, layout
        networks = []
        for make in (generator, discriminator):
            network = make(shape)
            start(network)
            networks.append(network.to(device, memory_format=layout))
        self.parameters = dict(zip(("generator", "discriminator"), map(count_parameters, networks)))
        adam = dict(lr=2e-4, betas=(0.5, 0.999), fused=device.type == "cuda")
        self.adams = [torch.optim.Adam(network.parameters(), **adam) for network in networks]
        self.generator, self.discriminator = map(torch.compile, networks) if compiled else networks
        self.loss = nn.BCEWithLogitsLoss()
        batch = shape["batch"]
        self.ones, self.zeros = torch.ones(batch, device=device), torch.zeros(batch, device=device)
        pixels = torch.randint(0, 256, (batch, shape["channels"], shape["size"], shape["size"]), dtype=torch.uint8)
        pixels = pixels.contiguous(memory_format=layout)
        self.pixels = pixels.pin_memory() if device.type == "cuda" else pixels

    def step(self):
        generates, discriminates = self.adams
        real = self.pixels.to(self.device, non_blocking=True).float().div_(127.5).sub_(1)
        latent = torch.randn(self.shape["batch"], self.shape["latent"], 1, 1, device=self.device)

        discriminates.zero_grad(set_to_none=True)
        self.loss(self.discriminator(real), self.ones).backward()
        fake = self.generator(latent)
        self.loss(self.discriminator(fake.detach()), self.zeros).backward()
        discriminates.step()

        generates.zero_grad(set_to_none=True)
        loss = self.loss(self.discriminator(fake), self.ones)
        loss.backward()
        generates.step()
        return loss


def wait(device):
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def milliseconds(training, device, steps):
    wait(device)
    begin = time.perf_counter()
    for _ in range(steps):
        training.step()
    wait(device)
    return (time.perf_counter() - begin) * 1000 / steps


def measure(training, device, rounds, seconds):
    """Milliseconds of a step, round by round, after steps that choose kernels and fill caches."""
    milliseconds(training, device, 1 if seconds == 0 else 10)
    one = milliseconds(training, device, 1 if seconds == 0 else 5)
    steps = max(1, round(seconds * 1000 / one))
    return [milliseconds(training, device, steps) for _ in range(rounds)]


def variants(device, compile_too):
    """Precision, layout, compiled: everything that PyTorch users would try. TF32 is of NVIDIA's cards."""
    for compiled in (False, True) if compile_too else (False,):
        for precision in ("f32", "tf32") if device.type == "cuda" else ("f32",):
            for layout in ("channels first", "channels last"):
                yield precision, layout, compiled


def choose_device(name):
    if name is not None:
        return torch.device(name)
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    sys.exit(f"PyTorch {torch.__version__} sees no graphics card, skipped: --device cpu runs it on the processor")


def name_of(device):
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workloads", type=json.loads, required=True, help="JSON: name, size, channels, ngf, ...")
    parser.add_argument("--device", help="cuda, mps or cpu (default: the graphics card)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.5, help="of one measurement; 0 runs one step")
    parser.add_argument("--compile", action="store_true", help="compiled by torch.compile as well")
    options = parser.parse_args()
    device = choose_device(options.device)
    torch.backends.cudnn.benchmark = True
    results = []
    for shape in options.workloads:
        for precision, layout, compiled in variants(device, options.compile):
            torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
            torch.backends.cudnn.allow_tf32 = precision == "tf32"
            result = dict(workload=shape["name"], precision=precision, layout=layout, compiled=compiled)
            training = None
            try:
                training = Training(shape, device, LAYOUTS[layout], compiled)
                result["parameters"] = training.parameters
                result["milliseconds"] = measure(training, device, options.rounds, options.seconds)
            except RuntimeError as error:  # out of memory, or no compiler for torch.compile
                result["error"] = str(error).splitlines()[0]
            results.append(result)
            del training
            if device.type == "cuda":
                torch.cuda.empty_cache()
    json.dump({"torch": torch.__version__, "device": name_of(device), "results": results}, sys.stdout)


main()
