"""Times `nas` and PyTorch by turns and writes `peers.json` (raw rows) and `peers.md` (medians and ratios). See README.md beside it."""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
NAS = ROOT / "target/release/nas"
# Network, inference or training, batch, batches of one measurement.
CASES = [
    ("googlenet-torchvision", "infer", 1, 10),
    ("googlenet-torchvision", "infer", 16, 3),
    ("googlenet-torchvision", "train", 16, 2),
    ("cifar-inception", "infer", 128, 3),
    ("cifar-inception", "train", 128, 2),
]
PROGRAMS = ["nas", "eager", "channels_last"]


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def measured(command):
    """What a process prints as JSON, and its peak memory in MB."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True)
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command} fails")
    return json.loads(text), usage.ru_maxrss // 1024


def once(program, net, mode, batch, threads, rounds):
    if program != "nas":
        script = [sys.executable, HERE / "torch_nets.py", net, mode, program, batch, threads, rounds]
        found, memory = measured([str(word) for word in script])
        return {"seconds": found["seconds"], "memory_mb": memory, "version": f"PyTorch {found['version']}"}
    if mode == "infer":
        words = ["profile", net, "--batch", batch, "--threads", threads, "--rounds", rounds, "--format", "json"]
        found, memory = measured([str(word) for word in [NAS, *words]])
        return {"seconds": [found["least_ns"] / 1e9, found["total_ns"] / 1e9], "memory_mb": memory, "arena": found["memory"]["arena"], "version": found["arch"]}
    words = ["train", net, "--data", "shapes", "--images", 4 * batch]
    words += ["--batch", batch, "--lr", "1e-6", "--warmup", "0", "--weight-decay", "1e-4", "--label-smoothing", "0"]
    words += ["--validation", "0", "--threads", threads, "--dry-run", "--measure", rounds, "--json"]
    found, memory = measured([str(word) for word in [NAS, *words]])
    images = found["image_bytes"] // 2**20
    return {
        "seconds": [ns / 1e9 for ns in found["step_ns"]],
        "memory_mb": memory - images,
        "arena": found["memory"]["arena"],
        "version": found["arch"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each program is run")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--note", default="", help="what else is to be known of the machine")
    parser.add_argument("-o", "--output", default="reports/measured/peers")
    given = parser.parse_args()
    rows = []
    for number in range(given.rounds):
        for net, mode, batch, rounds in CASES:
            for program in PROGRAMS:
                row = once(program, net, mode, batch, given.threads, rounds)
                rows.append({"round": number, "network": net, "mode": mode, "batch": batch, "program": program, **row})
                print(number, net, mode, batch, program, f"{min(row['seconds']):.4f} s", f"{row['memory_mb']} MB", file=sys.stderr)
    folder = ROOT / given.output
    folder.mkdir(parents=True, exist_ok=True)
    version = subprocess.run([NAS, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    about = {"processor": processor(), "threads": given.threads, "nas": version, "note": given.note}
    (folder / "peers.json").write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n")
    (folder / "peers.md").write_text(report(about, rows))


def report(about, rows):
    torch = next(row["version"] for row in rows if row["program"] != "nas")
    arch = next(row["version"] for row in rows if row["program"] == "nas")
    lines = [
        "# Beside PyTorch",
        "",
        f"{about['processor']}, {about['threads']} threads; {about['nas']} ({arch}), {torch}, f32. {about['note']}".strip(),
        "By turns in one run (`benches/peers/run.py`); raw rows in `peers.json`. Images a second of the fastest batch, and behind it the median over",
        "all rounds: what else a machine does lengthens batches and never shortens one. Ratios are of the fastest batches; above 1 `nas` is faster.",
        "Memory is the peak of the process, of `nas` in training less the data set, which PyTorch's script does not hold.",
        "",
        "| network | | batch | nas | eager | channels_last | ratio to eager | to channels_last | nas memory | channels_last |",
        "|:--|:--|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for net, mode, batch, _ in CASES:
        chosen = [row for row in rows if (row["network"], row["mode"], row["batch"]) == (net, mode, batch)]
        seconds = {program: [second for row in chosen if row["program"] == program for second in row["seconds"]] for program in PROGRAMS}
        memory = {program: statistics.median(row["memory_mb"] for row in chosen if row["program"] == program) for program in PROGRAMS}
        best = {program: batch / min(seconds[program]) for program in PROGRAMS}
        middle = {program: batch / statistics.median(seconds[program]) for program in PROGRAMS}
        cells = [net, "inference" if mode == "infer" else "training", str(batch)]
        cells += [f"{best[program]:.1f} ({middle[program]:.1f})" for program in PROGRAMS]
        cells += [f"{best['nas'] / best[program]:.2f}" for program in PROGRAMS[1:]]
        cells += [f"{memory[program]:.0f} MB" for program in ["nas", "channels_last"]]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


main()
