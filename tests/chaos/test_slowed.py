"""A job that is slowed down begins its helpers as it does otherwise."""

import subprocess
import sys
from pathlib import Path

BEGUN = """
import sys
from pathlib import Path
from threading import Event
from tests.chaos.slowed import slow_down

slow_down(Path(sys.argv[1]))
from jobs import beside

with beside.beside(0, "jobs.deliver", ended=Event()):
    print("begun")
"""


def test_a_slowed_job_begins_its_helpers_with_all_that_it_tells_them(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", BEGUN, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.stdout == "begun\n", done.stderr
