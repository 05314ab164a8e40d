"""One target under atheris: `python -m tests.fuzz.campaign feeds --seconds 45 --keep FOLDER`.

An input that breaks a promise, or takes more than 2 s of processor time, is kept in the folder,
one of each kind, and the run goes on; a hang or more than 1 GiB ends it with a code other than 0.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.fuzz.mutate import TOKENS

TARGETS = ("feeds", "alerts", "json", "words")
SECONDS_OF_ONE = 2.0
_MEMORY_MB = 1024
_LONGEST = 6_000


class Slow(AssertionError):
    """An input that took more processor time than one of its size may."""


def main() -> None:
    """Fuzz one target; does not return, for libFuzzer ends the process."""
    import atheris

    asked = _asked()
    with atheris.instrument_imports(include=["monitor.parse"]):
        target = importlib.import_module(f"tests.fuzz.target_{asked.target}")

    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    keep = Path(asked.keep or folder)
    known: set[str] = set()

    def one(body: bytes) -> None:
        begun = time.process_time()
        try:
            target.run(body)
            if time.process_time() - begun > SECONDS_OF_ONE:
                raise Slow(f"{len(body)} bytes took {time.process_time() - begun:.1f} s")
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is what we look for
            _kept(body, fault, keep, known)

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(target.beginnings()):
        (corpus / f"seed-{number}").write_bytes(seed[:_LONGEST])
        one(seed[:_LONGEST])  # the first reading imports and caches: not the fuzzer's to time
    words = folder / "words"
    words.write_text("".join(f'"{_escaped(token)}"\n' for token in TOKENS if len(token) <= 64))
    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={asked.seconds}",
            f"-runs={asked.runs}",
            f"-seed={asked.seed}",
            f"-max_len={_LONGEST}",
            f"-rss_limit_mb={_MEMORY_MB}",
            "-timeout=30",
            "-print_final_stats=1",
            f"-dict={words}",
            f"-artifact_prefix={keep}/",
            str(corpus),
        ],
        one,
    )
    atheris.Fuzz()


def _kept(body: bytes, fault: Exception, folder: Path, known: set[str]) -> None:
    """Write an input down, and what it did, unless its like is known."""
    place = traceback.extract_tb(fault.__traceback__)[-2:]
    kind = (
        f"{type(fault).__name__} {str(fault)[:20]} {[(each.name, each.lineno) for each in place]}"
    )
    if kind in known:
        return
    known.add(kind)
    name = f"broken-{hashlib.sha256(body).hexdigest()[:12]}"
    (folder / name).write_bytes(body)
    (folder / f"{name}.txt").write_text(
        "".join(traceback.format_exception(fault)), encoding="utf-8", errors="backslashreplace"
    )


def _asked() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("target", choices=TARGETS)
    asked.add_argument("--seconds", type=int, default=45)
    asked.add_argument("--runs", type=int, default=-1, help="at most so many inputs")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--keep", help="a folder for inputs that break a promise")
    return asked.parse_args()


def _escaped(token: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in token)


if __name__ == "__main__":
    main()
