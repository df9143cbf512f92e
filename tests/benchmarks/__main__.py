"""`make bench`: run every benchmark, or those that are named."""

import sys
from importlib import import_module

BENCHMARKS = (
    "embed",
    "fairness",
    "fairness_letters",
    "fuzz",
    "judged",
    "mail",
    "migrate",
    "night",
    "overlay",
    "phrasings",
    "post",
    "ranking",
    "scale",
    "teams",
    "web",
)


def main(names: list[str]) -> int:
    """Run benchmarks by name, all without one; return the worst of what they return, 2 for a name that is none."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"BENCH={unknown[0]}: there is no such benchmark; choose from {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    worst = 0
    for name in names or BENCHMARKS:
        print(f"\n== {name}", flush=True)
        worst = max(worst, import_module(f"tests.benchmarks.{name}").main([]) or 0)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
