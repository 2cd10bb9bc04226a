"""The networks of PyTorch's examples/dcgan, in the scripts' own words."""

import torch
from torch import nn

LAYOUTS = {"channels first": torch.contiguous_format, "channels last": torch.channels_last}


def doublings(size):
    """How often the edge is halved until 4 or 7 pixels are left, and which of the two it is."""
    count = 0
    while size > 7:
        size //= 2
        count += 1
    return count, size


def generator(shape):
    count, base = doublings(shape["size"])
    widths = [shape["ngf"] * 2**level for level in reversed(range(count))]
    layers = []
    inputs = shape["latent"]
    for position, width in enumerate(widths):
        geometry = (base, 1, 0) if position == 0 else (4, 2, 1)
        layers += [nn.ConvTranspose2d(inputs, width, *geometry, bias=False), nn.BatchNorm2d(width), nn.ReLU(True)]
        inputs = width
    return nn.Sequential(*layers, nn.ConvTranspose2d(inputs, shape["channels"], 4, 2, 1, bias=False), nn.Tanh())


def discriminator(shape):
    count, base = doublings(shape["size"])
    layers = []
    inputs = shape["channels"]
    for level in range(count):
        width = shape["ndf"] * 2**level
        norm = [nn.BatchNorm2d(width)] if level > 0 else []
        layers += [nn.Conv2d(inputs, width, 4, 2, 1, bias=False), *norm, nn.LeakyReLU(0.2, True)]
        inputs = width
    return nn.Sequential(*layers, nn.Conv2d(inputs, 1, base, 1, 0, bias=False), nn.Flatten(0))


def count_parameters(module):
    return sum(parameter.numel() for parameter in module.parameters())
