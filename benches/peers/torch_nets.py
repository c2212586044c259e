"""The networks in PyTorch, and the timing of one of them: `torch_nets.py NET infer|train eager|channels_last BATCH THREADS ROUNDS`.

Prints one JSON object with the seconds of each batch.
"""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional


class ConvNorm(nn.Module):
    """A convolution without bias, batch norm, rectifier."""

    def __init__(self, channels, out, kernel):
        super().__init__()
        self.conv = nn.Conv2d(channels, out, kernel, padding=kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(out)

    def forward(self, x):
        return functional.relu(self.norm(self.conv(x)))


class Inception(nn.Module):
    """Branches 1x1, 3x3 and 5x5 behind reductions, and a pooled projection, joined."""

    def __init__(self, channels, one, three, five, pool):
        super().__init__()
        self.one = ConvNorm(channels, one, 1)
        self.three = nn.Sequential(ConvNorm(channels, three[0], 1), ConvNorm(three[0], three[1], 3))
        self.five = nn.Sequential(ConvNorm(channels, five[0], 1), ConvNorm(five[0], five[1], 5))
        self.pool = ConvNorm(channels, pool, 1)

    def forward(self, x):
        pooled = self.pool(functional.max_pool2d(x, 3, 1, 1))
        return torch.cat([self.one(x), self.three(x), self.five(x), pooled], 1)


def cifar_inception():
    """`specs/cifar-inception.yaml`: 931 562 parameters."""
    return nn.Sequential(
        ConvNorm(3, 64, 3),
        Inception(64, 32, (48, 64), (8, 16), 16),
        Inception(128, 64, (64, 96), (16, 48), 32),
        nn.MaxPool2d(2),
        Inception(240, 96, (48, 104), (8, 24), 32),
        Inception(256, 80, (56, 112), (16, 32), 32),
        nn.MaxPool2d(2),
        Inception(256, 128, (80, 160), (16, 64), 64),
        Inception(416, 192, (96, 192), (24, 64), 64),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(512, 10),
    )


def network(name):
    """The network, the side of its images, its classes."""
    if name == "cifar-inception":
        return cifar_inception(), 32, 10
    import torchvision

    return torchvision.models.googlenet(weights=None, aux_logits=False, init_weights=False), 224, 1000


def main():
    name, mode, layout, batch, threads, rounds = sys.argv[1:4] + [int(number) for number in sys.argv[4:7]]
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    net, side, classes = network(name)
    images, labels = torch.randn(batch, 3, side, side), torch.randint(0, classes, (batch,))
    if layout == "channels_last":
        net = net.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(net.parameters(), 1e-6, momentum=0.9, weight_decay=1e-4)
    net.train(mode == "train")

    def step():
        if mode == "infer":
            with torch.inference_mode():
                return net(images)
        optimizer.zero_grad(set_to_none=True)
        functional.cross_entropy(net(images), labels).backward()
        return optimizer.step()

    step()
    seconds = []
    for _ in range(rounds):
        begun = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - begun)
    parameters = sum(parameter.numel() for parameter in net.parameters())
    print(json.dumps({"seconds": seconds, "version": torch.__version__, "parameters": parameters}))


main()
