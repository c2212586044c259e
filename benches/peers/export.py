"""Writes a network as an ONNX file and prints its image's side and its parameters: `export.py NET BATCH FILE`."""

import json
import sys

import torch
from networks import network

NET, BATCH, FILE = sys.argv[1], int(sys.argv[2]), sys.argv[3]

torch.manual_seed(0)
net, side, _ = network(NET)
net.eval()
torch.onnx.export(net, (torch.randn(BATCH, 3, side, side),), FILE, dynamo=False, input_names=["x"])
print(json.dumps({"side": side, "parameters": sum(parameter.numel() for parameter in net.parameters())}))
