"""Continue a run of @x/dcgan in PyTorch, and the other way around.

There:  await writeTrainingState("runs/faces-1", "state.safetensors")
Here:   load("state.safetensors", netG, netD, optimizerG, optimizerD)
        ... train ...
        save("state.pt", netG, netD, optimizerG, optimizerD)
There:  deno run -A jsr:@x/dcgan/cli train --from state.pt --data ./photos

The networks are those of examples/dcgan, or others with the same names and shapes, and the optimizers torch.optim.Adam(net.parameters()) or AdamW. Needs nothing but PyTorch.
"""
import json
import struct

import torch

TYPES = {"F32": torch.float32, "I64": torch.int64}


def read_safetensors(path):
    """The tensors of a safetensors file by name, and its metadata."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        if begin == end:
            tensors[name] = torch.zeros(entry["shape"], dtype=TYPES[entry["dtype"]])
            continue
        values = torch.frombuffer(data[begin:end], dtype=TYPES[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"]).clone()
    return tensors, metadata


def load(path, netG, netD, optimizerG, optimizerD):
    """Sets networks and optimizers to those of a run. Returns the number of its steps."""
    tensors, metadata = read_safetensors(path)

    def under(prefix):
        return {name[len(prefix):]: tensor for name, tensor in tensors.items() if name.startswith(prefix)}

    for name, network, optimizer in (("G", netG, optimizerG), ("D", netD, optimizerD)):
        network.load_state_dict(under(f"net{name}."))
        state = {}
        for key, tensor in under(f"optimizer{name}.state.").items():
            place, value = key.split(".")
            state.setdefault(int(place), {})[value] = tensor
        settings = optimizer.state_dict()
        (group,) = settings["param_groups"]
        setting = f"optimizer{name}.param_groups.0."
        group["lr"] = float(metadata[setting + "lr"])
        group["betas"] = (float(metadata[setting + "betas.0"]), float(metadata[setting + "betas.1"]))
        group["eps"] = float(metadata[setting + "eps"])
        group["weight_decay"] = float(metadata[setting + "weight_decay"])
        optimizer.load_state_dict({"state": state, "param_groups": [group]})
    return int(metadata["step"])


def save(path, netG, netD, optimizerG, optimizerD):
    """Writes what train --from continues with."""
    torch.save(
        {
            "netG": netG.state_dict(),
            "netD": netD.state_dict(),
            "optimizerG": optimizerG.state_dict(),
            "optimizerD": optimizerD.state_dict(),
        },
        path,
    )
