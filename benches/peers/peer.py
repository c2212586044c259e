"""One peer, timed on request: `peer.py NET infer|train PROGRAM BATCH THREADS`.

Prints a JSON line once it is ready, then, for every line of standard input with a number of batches, one with the seconds of each and its
peak memory. Programs: `eager`, `channels_last`, `compile` (PyTorch), `onnxruntime`, `openvino` (inference only).
"""

import json
import os
import resource
import sys
import tempfile
import time

NET, MODE, PROGRAM = sys.argv[1:4]
BATCH, THREADS = int(sys.argv[4]), int(sys.argv[5])
os.environ["OMP_NUM_THREADS"] = str(THREADS)

import torch  # noqa: E402
from networks import network  # noqa: E402
from torch.nn import functional  # noqa: E402


def with_torch(net, images, labels):
    """A batch in PyTorch."""
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

    return step, f"PyTorch {torch.__version__}"


def exported(net, images):
    """The network as an ONNX file."""
    file = tempfile.NamedTemporaryFile(suffix=".onnx")
    torch.onnx.export(net, (images,), file.name, dynamo=False, input_names=["x"])
    return file


def with_onnxruntime(net, images):
    """A batch in onnxruntime."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    with exported(net, images) as file:
        session = onnxruntime.InferenceSession(file.name, options, providers=["CPUExecutionProvider"])
    batch = {"x": images.numpy()}
    return lambda: session.run(None, batch), f"onnxruntime {onnxruntime.__version__}"


def with_openvino(net, images):
    """A batch in OpenVINO, in f32."""
    import openvino

    core = openvino.Core()
    core.set_property("CPU", {"INFERENCE_NUM_THREADS": THREADS, "INFERENCE_PRECISION_HINT": "f32", "ENABLE_HYPER_THREADING": THREADS > 1})
    with exported(net, images) as file:
        model = core.compile_model(core.read_model(file.name), "CPU")
    request, batch = model.create_infer_request(), {0: images.numpy()}
    return lambda: request.infer(batch), f"OpenVINO {openvino.__version__.split('-')[0]}"


def main():
    torch.set_num_threads(THREADS)
    torch.manual_seed(0)
    net, side, classes = network(NET)
    net.train(MODE == "train")
    parameters = sum(parameter.numel() for parameter in net.parameters())
    images, labels = torch.randn(BATCH, 3, side, side), torch.randint(0, classes, (BATCH,))
    if PROGRAM == "onnxruntime":
        step, version = with_onnxruntime(net, images)
    elif PROGRAM == "openvino":
        step, version = with_openvino(net, images)
    else:
        step, version = with_torch(net, images, labels)
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
