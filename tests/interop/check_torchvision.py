#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Saves randomly initialised torchvision models and compares what Lathe computes from the files with their outputs.

usage: check_torchvision.py PROGRAM, PROGRAM being load_torchvision. Exit code 77: there is no torchvision here.
"""
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

try:
    import torch
    import torchvision
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

LIMIT = 1e-5
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)


def randomise(model):
    """Statistics as a training leaves them behind; fresh ones would hide a normalisation that does nothing."""
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.normal_(module.running_mean, 0, 0.1)
            torch.nn.init.uniform_(module.running_var, 0.5, 2)
            torch.nn.init.normal_(module.weight, 1, 0.1)
            torch.nn.init.normal_(module.bias, 0, 0.1)


def write_safetensors(path, tensors):
    """The format by hand, so that its package need not be there."""
    header, content = {"__metadata__": {"format": "pt"}}, b""
    kinds = {torch.float32: "F32", torch.float64: "F64", torch.int64: "I64"}
    for name, tensor in tensors.items():
        data = tensor.contiguous().numpy().tobytes()
        header[name] = {"dtype": kinds[tensor.dtype], "shape": list(tensor.shape),
                        "data_offsets": [len(content), len(content) + len(data)]}
        content += data
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + content)


def difference(a, b):
    """The measure of exports, in units of the outputs' scale, relative beyond 1."""
    scale = b.std()
    return ((a - b).abs() / scale / (b / scale).abs().clamp(min=1)).max().item()


def check(program, name, template, shape, save, folder, classes=1000):
    torch.manual_seed(7)
    model = getattr(torchvision.models, name)(num_classes=classes)
    randomise(model)
    model.eval()
    weights = folder / "weights"
    save(model, weights)
    images = torch.randint(0, 256, (6, *shape), dtype=torch.uint8)
    images_file = folder / "images"
    images_file.write_bytes(images.numpy().tobytes())
    # As torchvision's ToTensor and Normalize would have it; grey images become three equal channels.
    scaled = (images.float() / 255).expand(-1, 3, -1, -1)
    with torch.no_grad():
        expected = model((scaled - MEAN) / STD)
    numbers = [*map(str, shape), str(classes)]
    said = subprocess.run([program, template, weights, images_file, *numbers, folder], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()
    given = torch.frombuffer(bytearray((folder / "engine.out").read_bytes()), dtype=torch.float32)
    exported = torch.jit.load(str(folder / "model.pt"))
    with torch.no_grad():
        script = exported(images)
    for what, found in (("engine", given.reshape(expected.shape)), ("TorchScript", script)):
        largest = difference(found, expected)
        print(f"{name} {'x'.join(map(str, shape))} {save.__name__}: {said}; {what} differs by {largest:.2e}")
        assert largest <= LIMIT, largest


def state_dict(model, path):
    torch.save(model.state_dict(), path)


def old_format(model, path):
    torch.save(model.state_dict(), path, _use_new_zipfile_serialization=False)


def checkpoint(model, path):
    """As training scripts keep it: nested, with the prefix of DataParallel, parameters instead of tensors."""
    wrapped = {f"module.{name}": torch.nn.Parameter(tensor) if tensor.is_floating_point() else tensor
               for name, tensor in model.state_dict().items()}
    torch.save({"epoch": 3, "state_dict": wrapped, "note": "hello", "lr": 0.1, "shape": torch.Size([1, 2])}, path)


def safetensors(model, path):
    write_safetensors(path, model.state_dict())


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        check(program, "resnet18", "resnet18", (3, 64, 64), state_dict, folder)
        check(program, "resnet18", "resnet18", (1, 28, 28), old_format, folder, 5)
        check(program, "resnet34", "resnet34", (3, 48, 33), checkpoint, folder)
        check(program, "resnet50", "resnet50", (3, 64, 64), safetensors, folder)
        check(program, "mobilenet_v2", "mobilenet-v2", (3, 96, 64), state_dict, folder)
        check(program, "mobilenet_v2", "mobilenet-v2", (1, 32, 32), safetensors, folder, 7)
        # A whole model instead of its numbers is refused with a sentence, and nothing of it is executed.
        torch.save(torchvision.models.resnet18(), folder / "whole")
        refused = subprocess.run([program, "resnet18", folder / "whole", folder / "images", "3", "8", "8", "5", folder],
                                 text=True, stderr=subprocess.PIPE)
        assert refused.returncode == 1 and "state_dict" in refused.stderr, refused.stderr
    print(f"torchvision {torchvision.__version__}: all agree")


if __name__ == "__main__":
    main()
