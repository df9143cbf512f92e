"""Measured fairness becomes one picture: exposure beside eligible share, band by band, for each way to order."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot

from tests.benchmarks.fairness import BAND_ORDER, LARGEST_RATIO, SMALLEST_RATIO, Measured

HEIGHT = 0.8
COLOURS = ("#b9b2a3", "#7fa99b", "#1b5e4b", "#d9a441")


def plot(found: Mapping[str, Measured], folder: Path) -> Path:
    """Write fairness.svg into a folder, which is made when it is missing, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    figure, axes = pyplot.subplots(figsize=(9, 6), layout="constrained")
    bands = [name for name in BAND_ORDER if name in next(iter(found.values())).bands]
    _draw(axes, found, bands)
    path = folder / "fairness.svg"
    # Without a date and with fixed ids the same numbers are the same file.
    with matplotlib.rc_context({"svg.hashsalt": "fairness"}):
        figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
    return path


def _draw(axes, found: Mapping[str, Measured], bands: list[str]) -> None:
    bar = HEIGHT / len(found)
    for at, (name, one) in enumerate(found.items()):
        places = [row + (at - (len(found) - 1) / 2) * bar for row in range(len(bands))]
        label = f"{name} (Gini {one.gini:.2f}, nDCG@10 {one.ndcg_at_10:.3f})"
        axes.barh(places, [one.bands[band].ratio for band in bands], bar, label=label, color=COLOURS[at])
    axes.axvspan(SMALLEST_RATIO, LARGEST_RATIO, color="#1b5e4b", alpha=0.08)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_yticks(range(len(bands)), bands)
    axes.invert_yaxis()
    axes.set_xlabel("share of exposure / share of the partners that could do the work")
    axes.set_title("Who is put forward, beside who could do the work")
    axes.figure.legend(loc="outside lower center", ncols=2, fontsize="small")
