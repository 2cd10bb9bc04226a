"""Writes the files of torch.save that tests read, and what PyTorch makes of them: python3 save_files.py

Written by PyTorch 1.13. The networks are those of examples/dcgan, for pictures of 16x16.
"""
import os
import sys
from collections import OrderedDict

import numpy
import torch
from torch import nn

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "saved")
NZ, NGF, NDF = 4, 4, 4


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.ConvTranspose2d(NZ, NGF * 2, 4, 1, 0, bias=False),
            nn.BatchNorm2d(NGF * 2),
            nn.ReLU(True),
            nn.ConvTranspose2d(NGF * 2, NGF, 4, 2, 1, bias=False),
            nn.BatchNorm2d(NGF),
            nn.ReLU(True),
            nn.ConvTranspose2d(NGF, 3, 4, 2, 1, bias=False),
            nn.Tanh(),
        )

    def forward(self, z):
        return self.main(z)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(3, NDF, 4, 2, 1, bias=False),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(NDF, NDF * 2, 4, 2, 1, bias=False),
            nn.BatchNorm2d(NDF * 2),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(NDF * 2, 1, 4, 1, 0, bias=False),
            nn.Sigmoid(),
        )

    def forward(self, x):
        return self.main(x)


def train(netG, netD, optimizerG, optimizerD, steps):
    """A few steps on noise, so that statistics and moments are not those of the beginning."""
    loss = nn.BCELoss()
    for _ in range(steps):
        real, z = torch.rand(8, 3, 16, 16) * 2 - 1, torch.randn(8, NZ, 1, 1)
        fake = netG(z)
        optimizerD.zero_grad()
        loss(netD(real).flatten(), torch.ones(8)).backward()
        loss(netD(fake.detach()).flatten(), torch.zeros(8)).backward()
        optimizerD.step()
        optimizerG.zero_grad()
        loss(netD(fake).flatten(), torch.ones(8)).backward()
        optimizerG.step()


def save(value, name, **options):
    torch.save(value, os.path.join(HERE, name), **options)


def array(tensor, name):
    numpy.save(os.path.join(HERE, name), tensor.detach().numpy())


def main():
    torch.manual_seed(1)
    netG, netD = Generator(), Discriminator()
    optimizers = [torch.optim.Adam(net.parameters(), lr=2e-4, betas=(0.5, 0.999)) for net in (netG, netD)]
    train(netG, netD, *optimizers, 3)
    state = netG.state_dict()

    save(state, "zip.pth")
    save(state, "legacy.pth", _use_new_zipfile_serialization=False)
    for protocol in (3, 4):
        save(state, f"protocol{protocol}.pth", pickle_protocol=protocol)
        save(state, f"legacy{protocol}.pth", pickle_protocol=protocol, _use_new_zipfile_serialization=False)
    checkpoint = {
        "epoch": 3,
        "note": "three steps",
        "netG": nn.DataParallel(netG).state_dict(),
        "netD": netD.state_dict(),
        "optimizerG": optimizers[0].state_dict(),
        "optimizerD": optimizers[1].state_dict(),
    }
    save(checkpoint, "checkpoint.pt")
    save({"state_dict": OrderedDict((f"generator.{k}", v) for k, v in state.items())}, "nested.pt")
    save({"g": state, "g_ema": OrderedDict((k, v * 1) for k, v in state.items())}, "two_generators.pt")
    save(netD.state_dict(), "discriminator.pth")
    save({k: v for k, v in state.items() if "num_batches" not in k}, "uncounted.pth")
    # Parameters themselves, which state_dict() gives only if it is asked to
    save(netG.state_dict(keep_vars=True), "parameters.pth")

    convert = {"half": torch.float16, "bfloat16": torch.bfloat16, "double": torch.float64}
    for name, dtype in convert.items():
        save({k: v.to(dtype) if v.is_floating_point() else v for k, v in state.items()}, f"{name}.pth")

    everything = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4)
    tensors = {
        "transposed": everything.permute(2, 0, 1),
        "every_second": everything[:, :, 1::2],
        "one_plane": everything[1],
        "expanded": torch.tensor([7.0]).expand(3, 2),
        "channels_last": torch.arange(16.0).reshape(1, 2, 2, 4).contiguous(memory_format=torch.channels_last),
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 3),
        "int8": torch.tensor([-1, 2], dtype=torch.int8),
        "int16": torch.tensor([-300, 2], dtype=torch.int16),
        "int32": torch.tensor([-70000, 2], dtype=torch.int32),
        "int64": torch.tensor([-(2**40), 2]),
        "uint8": torch.tensor([200, 2], dtype=torch.uint8),
        "bool": torch.tensor([True, False]),
    }
    save(tensors, "layouts.pt")
    save(tensors, "legacy_layouts.pt", _use_new_zipfile_serialization=False)
    save(torch.arange(3.0), "tensor.pt")

    # What is refused
    save(netG, "module.pth")
    save({"epoch": 3, "model": netG}, "module_in_dict.pth", _use_new_zipfile_serialization=False)
    save({"netG": state, "best": numpy.float64(1.5)}, "numpy.pth")
    save({"netG": state, "phase": torch.tensor([1 + 2j])}, "complex.pth")
    torch.jit.script(netG).save(os.path.join(HERE, "script.pt"))

    netG.eval()
    z = torch.randn(4, NZ)
    array(z, "latents.npy")
    array(netG(z.reshape(4, NZ, 1, 1)), "images.npy")


if __name__ == "__main__":
    if not torch.__version__.startswith("1.13"):
        sys.exit(f"The files are those of PyTorch 1.13, found {torch.__version__}")
    os.makedirs(HERE, exist_ok=True)
    main()
