"""Times one pass of channels' covariances over the 13 offsets of half a 5x5 window, by turns here (`benches/statistics.rs`) and by NumPy's matrix product
(a product of shifted maps for each offset, summed in f32), and prints medians and the ratio. Wants NumPy alone:

    python benches/peers/covariances.py --rounds 5
"""

import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CHANNELS, SIDE, IMAGES = 832, 14, 256
OFFSETS = [(down, right) for down in range(3) for right in range(-2, 3) if down > 0 or right >= 0]
SECONDS = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0}


def bench():
    """The bench's executable, built first."""
    words = ["cargo", "bench", "--bench", "statistics", "--no-run"]
    told = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stderr
    return ROOT / re.search(r"Executable benches/statistics.rs \((.*)\)", told).group(1)


def ours(executable):
    """Seconds of one pass, and the process's largest memory beyond the input in bytes."""
    words = [executable, "--bench", "raw_offsets", "--sample-count", "1", "--skip", "480"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit("the bench fails")
    line = next(line for line in text.splitlines() if re.search(rf"\b{CHANNELS}\b", line))
    number, unit = re.search(r"([\d.]+) (ns|µs|ms|s)\b", line).groups()
    return float(number) * SECONDS[unit], usage.ru_maxrss * 1024 - 4 * CHANNELS * SIDE * SIDE * IMAGES


def theirs(numpy, values):
    """Seconds of one pass by NumPy: per offset the product of both shifted maps, positions times channels."""
    begun = time.perf_counter()
    for down, right in OFFSETS:
        left = values[:, : SIDE - down, max(0, -right) : SIDE - max(0, right)]
        moved = values[:, down:, max(0, right) : SIDE - max(0, -right)]
        flat = [numpy.ascontiguousarray(part).reshape(-1, CHANNELS) for part in (left, moved)]
        product = flat[0].T @ flat[1]
    assert product.shape == (CHANNELS, CHANNELS)
    return time.perf_counter() - begun


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    executable = bench()
    # Before anything large is held here: a process counts what the one that started it held as its own.
    _, memory = ours(executable)
    import numpy

    # Channels last, which is best for a product of positions.
    values = numpy.maximum(numpy.random.default_rng(1).standard_normal((IMAGES, SIDE, SIDE, CHANNELS), dtype=numpy.float32), 0)
    own, numpys = [], []
    for turn in range(rounds + 1):
        seconds, _ = ours(executable)
        other = theirs(numpy, values)
        # The first turn warms up.
        if turn > 0:
            own.append(seconds)
            numpys.append(other)
        print(f"turn {turn} of {rounds}: nas {seconds:.2f} s, NumPy {other:.2f} s", file=sys.stderr)
    medians = statistics.median(own), statistics.median(numpys)
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text()).group(1)
    print(f"{CHANNELS} channels, {IMAGES * SIDE * SIDE} positions, {len(OFFSETS)} offsets; {model}, {os.cpu_count()} threads")
    print(f"nas    {medians[0]:.2f} s ({min(own):.2f} to {max(own):.2f}), {memory / 1e6:.0f} MB beyond the input, the process itself included")
    print(f"NumPy  {medians[1]:.2f} s ({min(numpys):.2f} to {max(numpys):.2f}), {numpy.__version__}")
    print(f"ratio  {medians[1] / medians[0]:.2f}")


if __name__ == "__main__":
    main()
