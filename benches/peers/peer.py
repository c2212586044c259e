"""One peer, timed on request: `peer.py NET infer|train PROGRAM BATCH THREADS`.

Prints a JSON line once it is ready, then, for every line of standard input with a number of batches, one with the seconds of each and its
peak memory. Programs: `eager`, `channels_last`, `compile` (PyTorch), `onnxruntime`, `openvino` (inference only). The last two get the network
as a file that another process writes, so that PyTorch is no part of their memory.
"""

import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

NET, MODE, PROGRAM = sys.argv[1:4]
BATCH, THREADS = int(sys.argv[4]), int(sys.argv[5])
os.environ["OMP_NUM_THREADS"] = str(THREADS)
EXPORT = pathlib.Path(__file__).resolve().parent / "export.py"


def with_torch():
    """A batch in PyTorch."""
    import torch
    from networks import network
    from torch.nn import functional

    torch.set_num_threads(THREADS)
    torch.manual_seed(0)
    net, side, classes = network(NET)
    net.train(MODE == "train")
    parameters = sum(parameter.numel() for parameter in net.parameters())
    images, labels = torch.randn(BATCH, 3, side, side), torch.randint(0, classes, (BATCH,))
    if PROGRAM != "eager":
        net = net.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(net.parameters(), 1e-6, momentum=0.9, weight_decay=1e-4)
    if PROGRAM == "compile":
        from torch._inductor import config

        config.freezing = MODE == "infer"
        net = torch.compile(net)

    def step():
        if MODE == "infer":
            with torch.inference_mode():
                return net(images)
        optimizer.zero_grad(set_to_none=True)
        functional.cross_entropy(net(images), labels).backward()
        return optimizer.step()

    return step, f"PyTorch {torch.__version__}", parameters


def with_file():
    """A batch in a program that reads ONNX."""
    import numpy

    with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
        words = [sys.executable, str(EXPORT), NET, str(BATCH), file.name]
        about = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
        images = numpy.random.default_rng(0).standard_normal((BATCH, 3, about["side"], about["side"]), numpy.float32)
        step, version = (with_onnxruntime if PROGRAM == "onnxruntime" else with_openvino)(file.name, images)
    return step, version, about["parameters"]


def with_onnxruntime(file, images):
    """A batch in onnxruntime."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return lambda: session.run(None, {"x": images}), f"onnxruntime {onnxruntime.__version__}"


def with_openvino(file, images):
    """A batch in OpenVINO, in f32."""
    import openvino

    core = openvino.Core()
    core.set_property("CPU", {"INFERENCE_NUM_THREADS": THREADS, "INFERENCE_PRECISION_HINT": "f32", "ENABLE_HYPER_THREADING": THREADS > 1})
    request = core.compile_model(core.read_model(file), "CPU").create_infer_request()
    return lambda: request.infer({0: images}), f"OpenVINO {openvino.__version__.split('-')[0]}"


def main():
    step, version, parameters = with_file() if PROGRAM in ("onnxruntime", "openvino") else with_torch()
    step()
    step()
    print(json.dumps({"version": version, "parameters": parameters}), flush=True)
    for line in sys.stdin:
        seconds = []
        for _ in range(int(line)):
            begun = time.perf_counter()
            step()
            seconds.append(time.perf_counter() - begun)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps({"seconds": seconds, "memory_mb": memory}), flush=True)


main()
