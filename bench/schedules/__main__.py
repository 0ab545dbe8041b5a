"""``python -m bench.schedules [--count 500] [--first 1]``: exit status 1 when any schedule broke a promise."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from bench.schedules.plan import drawn
from bench.schedules.play import Result, Stage


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="how many schedules")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    chosen = parser.parse_args()
    os.environ.setdefault("REELGATE_LOG", "off")
    started = time.monotonic()
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="reelgate-schedules-") as folder:
        stage = Stage(Path(folder))
        for seed in range(chosen.first, chosen.first + chosen.count):
            results.append(stage.play(drawn(seed)))
            for wrong in results[-1].wrong:
                print(f"VIOLATION seed {seed}: {wrong}", flush=True)
            if sys.stderr.isatty() or seed % 50 == 0:
                print(f"{len(results)} of {chosen.count}", file=sys.stderr)
    _report(results, time.monotonic() - started)
    return 1 if any(result.wrong for result in results) else 0


def _report(results: list[Result], seconds: float) -> None:
    held = [result for result in results if result.held]
    calm = [result for result in results if drawn(result.seed).calm]
    none = [result for result in results if drawn(result.seed).blind]
    lost = [result for result in none if result.lost]
    states = {state: sum(result.state == state for result in results) for state in ("done", "refused", "held")}
    print(
        f"{len(results)} schedules: {states['done']} delivered, {states['refused']} refused kindly, "
        f"{sum(result.kills for result in results)} processes killed, "
        f"{sum(result.struck for result in results)} faults struck, {seconds:.0f} s"
    )
    print(f"held: {len(held)} of {len(none)} schedules of kind none ({len(lost)} of these lost an answer)")
    print(f"held of the {len(calm)} schedules without any fault: {sum(result.held for result in calm)}")
    print(f"violations: {sum(len(result.wrong) for result in results)}")


if __name__ == "__main__":
    sys.exit(main())
