"""PyTorch's contestant, eager, on the processor: answers lines on stdin with lines on stdout, as protocol.ts says.

The generator's turn leaves out what examples/dcgan computes and throws away: the discriminator's weight gradients.
"""

import argparse
import json
import math
import pathlib
import sys
import time

import torch
from torch import nn

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "pytorch"))
from dcgan import LAYOUTS, count_parameters, discriminator, generator


class Given:
    """What all contestants are given, one after the other in a file: see given.ts."""

    def __init__(self, path):
        self.data, self.at = bytearray(pathlib.Path(path).read_bytes()), 0

    def take(self, dtype, shape):
        count = math.prod(shape)
        values = torch.frombuffer(self.data, dtype=dtype, count=count, offset=self.at).reshape(shape)
        self.at += count * values.element_size()
        return values.clone()


def adam(network):
    """In one fused kernel where this PyTorch has one for the processor."""
    options = dict(lr=2e-4, betas=(0.5, 0.999))
    try:
        return torch.optim.Adam(network.parameters(), fused=True, **options)
    except (RuntimeError, TypeError):
        return torch.optim.Adam(network.parameters(), **options)


class Contestant:
    """Both networks with their optimizers."""

    def __init__(self, problem, given, layout):
        self.problem = problem
        self.networks = [make(problem).to(memory_format=layout) for make in (generator, discriminator)]
        self.generator, self.discriminator = self.networks
        with torch.no_grad():
            for parameter in [each for network in self.networks for each in network.parameters()]:
                parameter.copy_(given.take(torch.float32, parameter.shape))
        self.adams = list(map(adam, self.networks))
        self.loss = nn.BCEWithLogitsLoss()
        batch, sampled, latent, size = (problem[name] for name in ("batch", "sampled", "latent", "size"))
        self.latents = [given.take(torch.float32, (batch, latent, 1, 1)) for _ in range(problem["steps"])]
        self.sampling_latent = given.take(torch.float32, (sampled, latent, 1, 1))
        pixels = given.take(torch.uint8, (batch, size, size, problem["channels"]))
        self.pixels = pixels.permute(0, 3, 1, 2).contiguous(memory_format=layout)
        self.ones, self.zeros = torch.ones(batch), torch.zeros(batch)

    def step(self):
        generates, discriminates = self.adams
        real = self.pixels.float().div_(127.5).sub_(1)
        batch, latent = self.problem["batch"], self.problem["latent"]
        z = self.latents.pop(0) if self.latents else torch.randn(batch, latent, 1, 1)

        discriminates.zero_grad(set_to_none=True)
        on_real = self.loss(self.discriminator(real), self.ones)
        on_real.backward()
        fake = self.generator(z)
        on_fake = self.loss(self.discriminator(fake.detach()), self.zeros)
        on_fake.backward()
        discriminates.step()

        generates.zero_grad(set_to_none=True)
        self.discriminator.requires_grad_(False)
        loss = self.loss(self.discriminator(fake), self.ones)
        loss.backward()
        generates.step()
        self.discriminator.requires_grad_(True)
        return [on_real.detach() + on_fake.detach(), loss.detach()]

    @torch.no_grad()
    def draw(self, z):
        self.generator.eval()
        images = self.generator(z)
        self.generator.train()
        return images

    def answer(self, command, count):
        if command == "train":
            return {"losses": [[each.item() for each in losses] for losses in [self.step() for _ in range(count)]]}
        if command == "sample":
            for _ in range(count):
                self.draw(torch.randn(self.problem["sampled"], self.problem["latent"], 1, 1))
            return {"losses": []}
        images = self.draw(self.sampling_latent).double()
        return {"losses": [], "level": images.square().mean().sqrt().item()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("problem", type=json.loads, help="JSON: size, channels, ngf, ndf, latent, batch, sampled, steps")
    parser.add_argument("--given", required=True, help="file of first values, latent vectors and pictures")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--layout", choices=LAYOUTS, required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    contestant = Contestant(options.problem, Given(options.given), LAYOUTS[options.layout])
    parameters = sum(map(count_parameters, contestant.networks))
    for line in sys.stdin:
        command, count = line.split()
        begin = time.perf_counter()
        found = contestant.answer(command, int(count))
        milliseconds = (time.perf_counter() - begin) * 1000
        print(json.dumps(dict(milliseconds=milliseconds, parameters=parameters, **found), allow_nan=False), flush=True)


main()
