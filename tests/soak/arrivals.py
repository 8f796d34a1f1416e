"""Let the isolates of a small outbreak arrive in random orders, some going and coming back.

After the last run of every order, each result has to be that of one run of everything, byte for
byte but for history, and clones and clusters the same sets of members.

    python -m tests.soak.arrivals [--orders 20] [--seed 1]
"""

import argparse
import random
import tempfile
from pathlib import Path

from tests.properties.cohort import NAMES, Cohort
from tests.properties.test_metamorphic_registry import (
    REGISTRY,
    partitions,
    recorded,
    without_history,
)

CASES = 3  # the first names are cases; every batch has one, because a run needs one


def main() -> None:
    """Try as many orders as were asked for, and say what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)  # noqa: S311 (no secret)
    with tempfile.TemporaryDirectory() as folder:
        cohort = Cohort(Path(folder) / "outbreak")
        expected = without_history(cohort.results), partitions(cohort.results)
        runs = 0
        for number in range(1, options.orders + 1):
            work = Path(folder) / f"work-{number}"
            cohort.with_calls(work)
            for names in (*batches(draw), NAMES):
                results = cohort.run(work, draw.sample(names, len(names)), registry=REGISTRY)
                runs += 1
            assert (without_history(results), partitions(results)) == expected, number
            said = f"{len(recorded(work))} recorded runs"
            print(f"order {number} of {options.orders}: {said}, equal to one run", flush=True)
    print(f"{options.orders} orders in {runs} runs: all equal to one run of everything")


def batches(draw: random.Random) -> list[tuple[str, ...]]:
    """Return who is in the run each time; who was in it may be missing from the next."""
    found: list[tuple[str, ...]] = []
    for _ in range(draw.randint(1, 3)):
        here = draw.sample(NAMES, draw.randint(2, len(NAMES)))
        case = draw.choice(NAMES[:CASES])
        found.append(tuple(dict.fromkeys([case, *here])))
    return found


if __name__ == "__main__":
    main()
