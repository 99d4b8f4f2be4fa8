"""Writes tiny.pt, a TorchScript module (flatten, linear 784-16, relu, linear 16-10), with Python's standard library only.

    python3 make_tiny.py tiny.pt
"""

import collections
import io
import math
import pickle
import random
import struct
import sys
import types
import zipfile

CODE = '''class Tiny(Module):
  __parameters__ = ["weight1", "bias1", "weight2", "bias2", ]
  __buffers__ = []
  weight1 : Tensor
  bias1 : Tensor
  weight2 : Tensor
  bias2 : Tensor
  training : bool
  def forward(self: __torch__.Tiny,
    x: Tensor) -> Tensor:
    flat = torch.flatten(x, 1)
    hidden = torch.relu(torch.linear(flat, self.weight1, self.bias1))
    return torch.linear(hidden, self.weight2, self.bias2)
'''


def global_object(module, name):
    """Makes a class or function that pickle writes as module.name."""
    parts = module.split(".")
    for end in range(1, len(parts) + 1):
        sys.modules.setdefault(".".join(parts[:end]), types.ModuleType(parts[end - 1]))
    made = type(name, (), {"__module__": module})
    setattr(sys.modules[module], name, made)
    return made


STORAGE = global_object("torch", "FloatStorage")
REBUILD = global_object("torch._utils", "_rebuild_tensor_v2")
TINY = global_object("__torch__", "Tiny")


class Storage:
    def __init__(self, key, size):
        self.key, self.size = key, size


class Tensor:
    def __init__(self, key, shape):
        self.key, self.shape = key, shape

    def __reduce__(self):
        strides, step = [], 1
        for length in reversed(self.shape):
            strides.insert(0, step)
            step *= length
        storage = Storage(self.key, step)
        return REBUILD, (storage, 0, tuple(self.shape), tuple(strides), True, collections.OrderedDict())


class Pickler(pickle.Pickler):
    def persistent_id(self, value):
        if isinstance(value, Storage):
            return ("storage", STORAGE, value.key, "cpu", value.size)
        return None


def write(path):
    draws = random.Random(1)
    shapes = {"weight1": (16, 784), "bias1": (16,), "weight2": (10, 16), "bias2": (10,)}
    module = TINY()
    data = {}
    for key, (name, shape) in enumerate(shapes.items()):
        bound = 1 / math.sqrt(784 if name.endswith("1") else 16)
        size = math.prod(shape)
        data[str(key)] = struct.pack("<%df" % size, *(draws.uniform(-bound, bound) for _ in range(size)))
        setattr(module, name, Tensor(str(key), shape))
    module.training = True
    state = io.BytesIO()
    Pickler(state, 2).dump(module)
    empty = io.BytesIO()
    pickle.dump((), empty, 2)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        def add(name, content):
            archive.writestr(zipfile.ZipInfo("tiny/" + name, (2020, 1, 1, 0, 0, 0)), content)

        add("data.pkl", state.getvalue())
        add("code/__torch__.py", CODE)
        for key, content in data.items():
            add("data/" + key, content)
        add("constants.pkl", empty.getvalue())
        add("version", "3\n")


if __name__ == "__main__":
    write(sys.argv[1])
