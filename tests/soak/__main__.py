"""`python -m tests.soak`: run, report, and exit with 1 if a limit is broken."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.office import MONITOR, ROOT
from tests.soak.run import run, say


def main() -> int:
    """Parse the arguments, train the model if there is none, run."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--out", type=Path, help="an empty folder (default: a new one)")
    parser.add_argument("--model", type=Path, help="folder of a model (default: inside --out)")
    options = parser.parse_args()
    out: Path = (options.out or Path(tempfile.mkdtemp(prefix="soak."))).resolve()
    if out.exists() and any(out.iterdir()):
        parser.error(f"{out} is not empty: name a new folder")
    model: Path = (options.model or out / "model").resolve()
    say(f"the model is loaded or trained in {model}")
    subprocess.run(
        [*MONITOR, "model", "train"],
        env={**os.environ, "MONITOR_MODEL_DIR": str(model), "PYTHONPATH": str(ROOT)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: judge, and clean up
    report = run(out, minutes=options.minutes, feeds=options.feeds, model_dir=model, say=say)
    sys.stdout.write(report.as_text() + f"\nreport: {out}\n")
    return 0 if report.ok else 1


if __name__ == "__main__":
    raise SystemExit(main())
