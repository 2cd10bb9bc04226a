"""Steps of DCGAN in PyTorch between two parts of a run.

python3 continue_in_pytorch.py STATE LATENTS IMAGES OUT [double]

LATENTS is [steps, batch, latent], IMAGES [steps, batch, channels, height, width] in [-1, 1]: a step for each.
"""
import os
import sys

import numpy
import torch
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../../examples/pytorch"))
import training_state  # noqa: E402


class Network(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        self.main = nn.Sequential(*layers)

    def forward(self, x):
        return self.main(x)


def networks(nz, ngf, ndf):
    netG = Network(
        nn.ConvTranspose2d(nz, ngf * 2, 4, 1, 0, bias=False),
        nn.BatchNorm2d(ngf * 2),
        nn.ReLU(True),
        nn.ConvTranspose2d(ngf * 2, ngf, 4, 2, 1, bias=False),
        nn.BatchNorm2d(ngf),
        nn.ReLU(True),
        nn.ConvTranspose2d(ngf, 3, 4, 2, 1, bias=False),
        nn.Tanh(),
    )
    netD = Network(
        nn.Conv2d(3, ndf, 4, 2, 1, bias=False),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(ndf, ndf * 2, 4, 2, 1, bias=False),
        nn.BatchNorm2d(ndf * 2),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(ndf * 2, 1, 4, 1, 0, bias=False),
    )
    return netG, netD


def main(state, latents, images, out, kind="float"):
    torch.set_num_threads(1)
    latents, images = (torch.from_numpy(numpy.load(path)) for path in (latents, images))
    tensors, _ = training_state.read_safetensors(state)
    ngf = tensors["netG.main.3.weight"].shape[1]
    nets = networks(tensors["netG.main.0.weight"].shape[0], ngf, tensors["netD.main.0.weight"].shape[0])
    optimizers = [torch.optim.Adam(net.parameters()) for net in nets]
    training_state.load(state, *nets, *optimizers)
    if kind == "double":
        for net, optimizer in zip(nets, optimizers):
            net.double()
            optimizer.load_state_dict(optimizer.state_dict())
        latents, images = latents.double(), images.double()
    netG, netD = nets
    loss = nn.BCEWithLogitsLoss()
    for z, real in zip(latents, images):
        fake = netG(z.reshape(*z.shape, 1, 1))
        one, zero = torch.ones(len(z), dtype=real.dtype), torch.zeros(len(z), dtype=real.dtype)
        optimizers[1].zero_grad()
        (loss(netD(real).flatten(), one) + loss(netD(fake.detach()).flatten(), zero)).backward()
        optimizers[1].step()
        optimizers[0].zero_grad()
        loss(netD(fake).flatten(), one).backward()
        optimizers[0].step()
    for net in nets:
        net.float()
    training_state.save(out, *nets, *optimizers)


if __name__ == "__main__":
    main(*sys.argv[1:])
