"""Times `nas` and its peers by turns and writes `performance.json` (raw rows) and `performance.md` (medians and ratios). README.md tells more."""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
NAS = ROOT / "target/release/nas"
INFER = ["nas", "onnxruntime", "openvino", "channels_last", "compile"]
TRAIN = ["nas", "eager", "channels_last", "compile"]
# Network, inference or training, batch, threads, batches of a turn.
CASES = [
    ("googlenet-torchvision", "infer", 1, 1, 10),
    ("googlenet-torchvision", "infer", 1, 2, 10),
    ("googlenet-torchvision", "infer", 16, 1, 2),
    ("googlenet-torchvision", "infer", 16, 2, 3),
    ("googlenet", "infer", 1, 1, 10),
    ("googlenet", "infer", 16, 2, 3),
    ("inception-v3", "infer", 1, 1, 3),
    ("resnet50", "infer", 1, 1, 4),
    ("vgg16", "infer", 1, 1, 2),
    ("cifar-inception", "infer", 128, 2, 2),
    ("mobilenet_v2", "infer", 1, 1, 10),
    ("squeezenet1_1", "infer", 1, 1, 10),
    ("densenet121", "infer", 1, 1, 4),
    ("googlenet-torchvision", "train", 16, 1, 1),
    ("googlenet-torchvision", "train", 16, 2, 1),
    ("cifar-inception", "train", 128, 1, 1),
    ("cifar-inception", "train", 128, 2, 1),
]
# Between turns, so that threads that wait by spinning have gone to sleep.
PAUSE = 0.4


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    found = {line.split(":", 1)[0].strip(): line.split(":", 1)[1].strip() for line in lines if ":" in line}
    return f"{found.get('model name', platform.processor())} (family {found.get('cpu family')}, model {found.get('model')})"


class Nas:
    """`nas`, a process for every turn, which warms up before it times."""

    def __init__(self, net, mode, batch, threads):
        if mode == "infer":
            words = ["profile", net, "--batch", batch, "--threads", threads, "--format", "json", "--rounds"]
        else:
            words = ["train", net, "--data", "shapes", "--images", 4 * batch, "--batch", batch, "--lr", "1e-6", "--warmup", "0"]
            words += ["--weight-decay", "1e-4", "--label-smoothing", "0", "--validation", "0", "--threads", threads]
            words += ["--dry-run", "--json", "--measure"]
        self.mode, self.words, self.version = mode, [str(NAS), *map(str, words)], None

    def turn(self, count):
        process = subprocess.Popen([*self.words, str(count)], stdout=subprocess.PIPE, cwd=ROOT, text=True)
        text = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            sys.exit(f"{' '.join(self.words)} fails")
        found, memory = json.loads(text), usage.ru_maxrss // 1024
        self.version = found["arch"]
        if self.mode == "infer":
            seconds = {"seconds": [found["total_ns"] / 1e9], "least": found["least_ns"] / 1e9}
            return {**seconds, "memory_mb": memory, "arena": found["memory"]["arena"]}
        memory -= found["image_bytes"] // 2**20
        return {"seconds": [ns / 1e9 for ns in found["step_ns"]], "memory_mb": memory, "arena": found["memory"]["arena"]}

    def end(self):
        pass


class Peer:
    """A peer, one process for all turns: some compile for a minute."""

    def __init__(self, net, mode, program, batch, threads):
        words = [sys.executable, str(HERE / "peer.py"), net, mode, program, str(batch), str(threads)]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.version = self.read()["version"]

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{' '.join(self.process.args)} fails")
        return json.loads(line)

    def turn(self, count):
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        return self.read()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def case_rows(net, mode, batch, threads, count, rounds, without):
    """All turns of one case."""
    programs = {}
    for name in INFER if mode == "infer" else TRAIN:
        if name not in without:
            programs[name] = Nas(net, mode, batch, threads) if name == "nas" else Peer(net, mode, name, batch, threads)
    rows = []
    for number in range(rounds):
        for name, program in programs.items():
            time.sleep(PAUSE)
            found = program.turn(count)
            about = {"network": net, "mode": mode, "batch": batch, "threads": threads, "program": name, "version": program.version}
            rows.append({"round": number, **about, **found})
            print(number, net, mode, batch, threads, name, f"{statistics.median(found['seconds']):.4f} s", file=sys.stderr, flush=True)
    for program in programs.values():
        program.end()
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="turns of each program")
    parser.add_argument("--only", default="", help="cases whose words contain this, as `googlenet-torchvision train`")
    parser.add_argument("--without", default="", help="programs to leave out, with commas between")
    parser.add_argument("--note", default="", help="what else is to be known of the machine")
    parser.add_argument("--report", action="store_true", help="only writes the report anew from the rows")
    parser.add_argument("-o", "--output", default="reports/measured", help="the folder; rows of other cases there are kept")
    given = parser.parse_args()
    folder = ROOT / given.output
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "performance.json"
    old = json.loads(kept.read_text()) if kept.exists() else {"rows": []}
    rows, about = old["rows"], old.get("about", {})
    if not given.report:
        version = subprocess.run([NAS, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        if rows and about.get("processor") != processor():
            print(f"rows of another processor, {about.get('processor')}, are dropped", file=sys.stderr)
            rows = []
        about = {"processor": processor(), "nas": version, "note": given.note or about.get("note", "")}
        for case in CASES:
            *what, count = case
            if given.only and not all(word in map(str, what) for word in given.only.split()):
                continue
            found = case_rows(*what, count, given.rounds, given.without.split(","))
            rows = [row for row in rows if [row[key] for key in ("network", "mode", "batch", "threads")] != what] + found
            write(kept, json.dumps({"about": about, "rows": rows}, indent=1) + "\n")
    write(folder / "performance.md", report(about, rows))


def write(path, text):
    """Under a temporary name first."""
    part = path.with_suffix(".part")
    part.write_text(text)
    part.replace(path)


def report(about, rows):
    versions = sorted({row["version"] for row in rows if row["program"] != "nas"})
    arch = next((row["version"] for row in rows if row["program"] == "nas"), "")
    lines = [
        "# Beside the peers",
        "",
        f"{about['processor']}; {about['nas']} ({arch}), {', '.join(versions)}; f32. {about['note']}".strip(),
        "",
        "By turns in one run (`benches/peers/run.py`, raw rows in `performance.json`). Milliseconds of a batch: the median over the rounds, and the",
        "least behind it. The ratio is the best peer's median over ours, and behind it the same of the least; above 1 `nas` is faster. Memory is",
        "the peak of the process, of `nas` in training less the data set, which the peers do not hold.",
    ]
    for mode, programs in [("infer", INFER), ("train", TRAIN)]:
        names = [name for name in programs if any(row["program"] == name and row["mode"] == mode for row in rows)]
        if not names:
            continue
        lines += ["", f"## {'Inference' if mode == 'infer' else 'Training steps'}", ""]
        lines += [f"| network | batch | threads | {' | '.join(names)} | ratio to the best | memory | of the best | rounds |"]
        lines += ["|:--|" + "--:|" * (len(names) + 6)]
        for net, _, batch, threads, _ in [case for case in CASES if case[1] == mode]:
            chosen = [row for row in rows if (row["network"], row["mode"], row["batch"], row["threads"]) == (net, mode, batch, threads)]
            if chosen:
                lines.append(row_of(net, batch, threads, names, chosen))
    return "\n".join(lines) + "\n"


def row_of(net, batch, threads, names, rows):
    """A case's line."""
    of = {name: [statistics.median(row["seconds"]) for row in rows if row["program"] == name] for name in names}
    least = {name: min(row.get("least", min(row["seconds"])) for row in rows if row["program"] == name) for name in names if of[name]}
    memory = {name: max(row["memory_mb"] for row in rows if row["program"] == name) for name in names if of[name]}
    median = {name: statistics.median(of[name]) for name in names if of[name]}
    peers = [name for name in median if name != "nas"]
    best = min(peers, key=median.get)
    cells = [net, str(batch), str(threads)]
    cells += [f"{1e3 * median[name]:.1f} ({1e3 * least[name]:.1f})" if name in median else "-" for name in names]
    ratio, of_least = median[best] / median["nas"], min(least[name] for name in peers) / least["nas"]
    cells += [f"**{ratio:.2f}** ({of_least:.2f}), {best}", f"{memory['nas']} MB", f"{memory[best]} MB", str(len(of["nas"]))]
    return f"| {' | '.join(cells)} |"


main()
