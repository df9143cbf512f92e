"""Scores and what was right → a reliability curve as SVG."""

from pathlib import Path

import matplotlib as mpl

from matcher.learning.check import bins, calibration_error
from matcher.learning.examples import FloatArray

mpl.use("svg")


def draw(found: tuple[FloatArray, FloatArray], file: Path) -> None:
    """Draw how often candidates were right for what their scores said."""
    from matplotlib import pyplot

    points = bins(*found)
    mpl.rcParams["svg.hashsalt"] = "counterpart"
    figure, axes = pyplot.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1)
    axes.plot([one.said for one in points], [one.came for one in points], marker="o", color="#005a9c")
    for one in points:
        axes.annotate(str(one.n), (one.said, one.came), textcoords="offset points", xytext=(6, -10), fontsize=8)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="chance as scored", ylabel="share that was right")
    axes.set_title(f"Held-back postings; calibration error {calibration_error(*found):.3f}", fontsize=10)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
