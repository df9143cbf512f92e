"""A helper of a night in a process of its own, on the day on which all these nights are."""

from jobs import night as job
from tests.factories import NOW

if __name__ == "__main__":
    job.now = lambda: NOW
    job.main()
