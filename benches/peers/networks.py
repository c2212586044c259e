"""The networks in PyTorch, as the specs of the same names have them."""

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


class PlainInception(nn.Module):
    """The module of `specs/googlenet.yaml`: biases and no norms, 5x5 windows, a pooled projection."""

    def __init__(self, channels, one, three, five, pool):
        super().__init__()
        conv = nn.Conv2d
        self.one = conv(channels, one, 1)
        self.three = nn.Sequential(conv(channels, three[0], 1), nn.ReLU(), conv(three[0], three[1], 3, padding=1))
        self.five = nn.Sequential(conv(channels, five[0], 1), nn.ReLU(), conv(five[0], five[1], 5, padding=2))
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, 1), conv(channels, pool, 1))

    def forward(self, x):
        return functional.relu(torch.cat([self.one(x), self.three(x), self.five(x), self.pool(x)], 1))


def googlenet():
    """`specs/googlenet.yaml` without auxiliary heads: 6 998 552 parameters, 1 582 671 872 multiply-adds."""
    norm, pool = nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=1.0), nn.MaxPool2d(3, 2, ceil_mode=True)
    return nn.Sequential(
        nn.Conv2d(3, 64, 7, 2, padding=3),
        nn.ReLU(),
        pool,
        norm,
        nn.Conv2d(64, 64, 1),
        nn.ReLU(),
        nn.Conv2d(64, 192, 3, padding=1),
        nn.ReLU(),
        norm,
        pool,
        PlainInception(192, 64, (96, 128), (16, 32), 32),
        PlainInception(256, 128, (128, 192), (32, 96), 64),
        pool,
        PlainInception(480, 192, (96, 208), (16, 48), 64),
        PlainInception(512, 160, (112, 224), (24, 64), 64),
        PlainInception(512, 128, (128, 256), (24, 64), 64),
        PlainInception(512, 112, (144, 288), (32, 64), 64),
        PlainInception(528, 256, (160, 320), (32, 128), 128),
        pool,
        PlainInception(832, 256, (160, 320), (32, 128), 128),
        PlainInception(832, 384, (192, 384), (48, 128), 128),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(1024, 1000),
    )


# Networks of torchvision by the names of the specs, with the side of their images.
TORCHVISION = {
    "googlenet-torchvision": ("googlenet", 224),
    "inception-v3": ("inception_v3", 299),
    "resnet50": ("resnet50", 224),
    "vgg16": ("vgg16", 224),
    "mobilenet_v2": ("mobilenet_v2", 224),
    "squeezenet1_1": ("squeezenet1_1", 224),
    "densenet121": ("densenet121", 224),
}


def network(name):
    """The network, the side of its images, its classes."""
    if name == "cifar-inception":
        return cifar_inception(), 32, 10
    if name == "googlenet":
        return googlenet(), 224, 1000
    import torchvision

    builder, side = TORCHVISION[name]
    options = {"aux_logits": False, "init_weights": False} if builder in ("googlenet", "inception_v3") else {}
    return getattr(torchvision.models, builder)(weights=None, **options), side, 1000
