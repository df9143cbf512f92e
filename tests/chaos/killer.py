"""A seed → who is killed when, how the sink behaves meanwhile, when the clock jumps."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from random import Random

import psutil

from matcher.store.nights import MAX_TRIES
from tests.chaos.due import Event, shard_of
from tests.chaos.places import Places
from tests.chaos.stage import Stage

# What part of all kills each may take at most. Sinks and the web's workers are always there to be killed; those of the
# night and of its letters are met in the middle of something now and then only, and are waited for.
SHARES = {
    "night": 0.16, "night child": 0.16, "deliver": 0.3, "sink": 0.16, "web child": 0.13, "inbound": 0.1,
    "postgres": 0.05, "worker1": 0.05, "worker2": 0.05, "web": 0.02,
    "builder": 0.06,
}  # fmt: skip
AHEAD = 6  # kills that each may be early
# What part of all kills these must take at least; a night with fewer shows too little.
QUOTAS = {"night": 40 / 300, "deliver": 40 / 300}
RARE = (*QUOTAS, "builder")
# Of a processor, that each must have had since it began, in what a job needs to begin and to end: so it is killed in
# the middle of something on a busy machine as on an idle one. Those who say where they are, are killed where they are
# in the middle of a shard, of allotting or of letters.
WORKED = {"worker1": 3.0, "worker2": 3.0, "web": 0.3, "inbound": 0.8}
N_TAKEN = (10, 40)  # letters that the sink takes between two kills of the database
FIRST, KILLS_PER_LETTER = 30, 0.4  # that the sink took: on a busy machine the killer waits for the night
PAUSE_S = (0.1, 0.6)
IDLE_S = 8.0  # after which the clock goes on, so that what the dead had claimed is taken up by others
TROUBLE = ("slow", "half-open", "closing", "forward", "forward", "forward", "back")
TROUBLE_EVERY = 5  # kills
MODE_S = (1.0, 3.0)
DISK_TROUBLE = ("full", "full", "torn", "changed")  # of the ranker's file
DISK_EVERY = 6  # kills
FULL_S, FULL_AT_MOST_S = (8.0, 20.0), 60.0  # longer until a builder has met it
N_CHANGED = (2, 12)  # partners; of a hundred, some are few enough to be laid over the ranker that is there
JUMPS_S = {"forward": (330.0, 5400.0), "back": (-240.0, -5.0)}


@dataclass(slots=True)
class Killer:
    """Kills by id what the stage started, and nothing else."""

    stage: Stage
    chance: Random
    job_s: float  # of a processor, that a job with nothing to do takes on this machine
    events: list[Event] = field(default_factory=list)
    polite_at: float = 0.0
    roomy_at: float = 0.0
    n_noted: int = 0  # what had come of builders when the disk became full
    postgres_after: int = 5  # letters that the sink took
    killed: Counter[str] = field(default_factory=Counter)
    tries: Counter[str] = field(default_factory=Counter)  # of shards, that our hand ended
    moved_at: float = inf  # when something was done the last time
    _read: int = 0  # bytes of the sink's journal
    _n_taken: int = 0

    @property
    def n_kills(self) -> int:
        return self.killed.total()

    def missed(self, n_kills: int) -> list[str]:
        """Say what so many kills ask for and is not reached yet."""
        so_far = {"night": self.killed["night"] + self.killed["night child"], "deliver": self.killed["deliver"]}
        wanted = {name: round(share * n_kills) for name, share in QUOTAS.items()}
        few = [f"{so_far[name]} kills of {name}, not {n}" for name, n in wanted.items() if so_far[name] < n]
        return few + [f"{self.n_kills} kills, not {n_kills}"] * (self.n_kills < n_kills)

    def step(self) -> None:
        """Kill one; at every fifth kill make some trouble besides, at every sixth some at the ranker's file."""
        self._calm_down()
        found = self._victim() if self.n_kills < FIRST + KILLS_PER_LETTER * self.n_taken() else None
        if found and self._kill(*found):
            if self.n_kills % TROUBLE_EVERY == 0:
                self._trouble(self.chance.choice(TROUBLE))
            if self.n_kills % DISK_EVERY == 0:
                self._disk_trouble(self.chance.choice(DISK_TROUBLE))
        if time.monotonic() > self.moved_at + IDLE_S and not self._between():
            self.jump(JUMPS_S["forward"][0])
        time.sleep(self.chance.uniform(*PAUSE_S) if found else PAUSE_S[0])

    def n_taken(self) -> int:
        """Count the letters that the sink has taken so far."""
        file = self.stage.folder / "journal"
        if file.exists():
            with file.open("rb") as journal:
                journal.seek(self._read)
                new = journal.read()
            self._read += len(new)
            self._n_taken += new.count(b'"what": "taken"')
        return self._n_taken

    def _victim(self) -> tuple[str, psutil.Process] | None:
        """Choose among those that are in the middle of something; of the rarer met first whoever was killed least."""
        allowed = [name for name, share in SHARES.items() if self.killed[name] < share * self.n_kills + AHEAD]
        ready = [(name, one) for name in allowed for one in self._ready(name)]
        rare = [pair for pair in ready if pair[0].split()[0] in RARE]
        if rare:
            return min(rare, key=lambda pair: self.killed[pair[0]])
        return self.chance.choice(ready) if ready else None

    def _ready(self, name: str) -> list[psutil.Process]:
        if name == "builder":
            return self._builders()
        program = self.stage.programs.get(name.split()[0])
        if program is None or program.process is None:
            return []
        if name.endswith("child"):
            there = program.children()
        else:
            there = [psutil.Process(program.process.pid)] if program.is_running else []
        return [one for one in there if self._is_ready(name, one)]

    def _builders(self) -> list[psutil.Process]:
        """List those who are writing the ranker's file; they are children of workers, or were."""
        found = []
        for pid in Places(self.stage.folder).all_at("file"):
            try:
                one = psutil.Process(pid)
                if any("tests.chaos.building" in each for each in one.cmdline()):
                    found.append(one)
            except psutil.Error:
                continue
        return found

    def _is_ready(self, name: str, one: psutil.Process) -> bool:
        if name == "postgres":
            return self.n_taken() >= self.postgres_after and self._may_end(self._nightly())
        at = Places(self.stage.folder)
        if name.startswith("night"):
            where = at.of(one.pid, "night")
            return bool(where) and self._may_end([where])
        if name == "deliver":
            return bool(at.of(one.pid, "mail"))
        worked = self.stage.programs[name.split()[0]].worked_s
        busy = worked >= WORKED.get(name, 0.0) * self.job_s * self.chance.uniform(0.8, 2.0)
        return busy and self._may_end([at.of(one.pid, "night")])

    def _may_end(self, places: list[str]) -> bool:
        """Tell whether nobody there is at a shard that would be set aside if its worker died once more."""
        return all(self.tries[shard_of(each)] < MAX_TRIES - 1 for each in places if each)

    def _nightly(self) -> list[str]:
        """List where the living are in the night."""
        at = Places(self.stage.folder)
        names = ("night", "worker1", "worker2")
        there = [self.stage.programs[name] for name in names if name in self.stage.programs]
        pids = [each.process.pid for each in there if each.process and each.is_running]
        pids += [one.pid for each in there for one in each.children()]
        return [where for pid in pids if (where := at.of(pid, "night"))]

    def _kill(self, name: str, one: psutil.Process) -> bool:
        if name == "builder":
            return self._kill_builder(one)
        program, at = self.stage.programs[name.split()[0]], Places(self.stage.folder)
        where = self._nightly()
        done = program.kill_child(one) if name.endswith("child") else program.kill()
        if name != "postgres":  # the dead stay where they are; a moment ago this one was at another shard perhaps
            where = [at.of(one.pid, each) for each in ("night", "mail")]
        if done:
            self.killed[name] += 1
            self._note("kill", name, pid=done, where=[each for each in where if each])
        if name == "postgres":
            self.postgres_after = self.n_taken() + self.chance.randint(*N_TAKEN)
        return bool(done)

    def _kill_builder(self, one: psutil.Process) -> bool:
        try:
            one.kill()
        except psutil.Error:
            return False
        Places(self.stage.folder).forget(one.pid, "file")  # its worker hears of it when it looks again
        self.killed["builder"] += 1
        self._note("kill", "builder", pid=one.pid)
        return True

    def _disk_trouble(self, what: str) -> None:
        """Fill the disk of the ranker's file for a while, or tear the file; partners change, so that one is wanted."""
        if what == "full":
            self.stage.disk.fill(self.chance)
            self.n_noted = len(self.stage.disk.noted())
            self.roomy_at = time.monotonic() + self.chance.uniform(*FULL_S)
        if what != "torn" or self.stage.disk.tear(self.chance):
            self._note("disk", what)
        self.stage.change(self.chance.choice(N_CHANGED), self.chance)

    def make_room(self) -> None:
        """Give the disk of the ranker's file its room back."""
        self.roomy_at = 0.0
        self.stage.disk.empty()
        self._note("disk", "room")

    def _trouble(self, what: str) -> None:
        if what in JUMPS_S:
            self.jump(self.chance.uniform(*JUMPS_S[what]))
            return
        (self.stage.folder / "mode").write_text(what)
        self.polite_at = time.monotonic() + self.chance.uniform(*MODE_S)
        self._note("mode", what)

    def jump(self, seconds: float) -> None:
        """Move the clock of all jobs."""
        self.stage.clock.jump(seconds)
        self._note("jump", f"{seconds:+.0f} s", where=self._between() if seconds > 0 else ())

    def _between(self) -> list[str]:
        """List the shards that are claimed and not held yet: after a jump such a claim is taken for a dead one's."""
        return [each for each in self._nightly() if each.endswith("claimed")]

    def _calm_down(self) -> None:
        if self.polite_at and time.monotonic() > self.polite_at:
            self.make_peace()
        met = len(self.stage.disk.noted()) > self.n_noted
        if self.roomy_at and time.monotonic() > self.roomy_at + (0 if met else FULL_AT_MOST_S):
            self.make_room()

    def make_peace(self) -> None:
        """Let the sink take everything again; lines that it holds half open end with it."""
        self.polite_at = 0.0
        held = (self.stage.folder / "mode").exists() and (self.stage.folder / "mode").read_text() == "half-open"
        (self.stage.folder / "mode").write_text("polite")
        self._note("mode", "polite")
        if held and self.stage.programs["sink"].is_running:
            self._kill("sink", psutil.Process(self.stage.programs["sink"].process.pid))  # type: ignore[union-attr]

    def _note(self, what: str, name: str, *, pid: int = 0, where: Sequence[str] = ()) -> None:
        self.moved_at = time.monotonic()
        self.tries.update({shard_of(each) for each in where})
        self.events.append(Event(time.time(), what, name, pid, tuple(where)))
