"""A seed → who is killed when, how the sink behaves meanwhile, when the clock jumps."""

import time
from dataclasses import dataclass, field
from random import Random

from tests.chaos.judge import Event
from tests.chaos.stage import Stage

# How often each is chosen. What is quick to come back can be killed often; a worker loads its model first.
WEIGHTS = {
    "deliver": 8, "sink": 6, "web child": 6, "inbound": 5, "digest": 4, "postgres": 3, "worker1": 2, "worker2": 2,
    "web": 1,
}  # fmt: skip
# How much of a processor each must have had since it began, in what a job needs to begin and to end: so it is killed in
# the middle of something, or is done before, on a busy machine as on an idle one.
WORKED = {"worker1": 3.0, "worker2": 3.0, "web": 0.3, "inbound": 0.8, "deliver": 0.9, "digest": 0.9}
N_FINISHED = (1, 4)  # deliveries that come to their end between two kills of the database
KILLS_PER_JOB = 8  # that came to its end: on a busy machine the killer waits for the night
PAUSE_S = (0.2, 1.0)
TROUBLE = ("slow", "half-open", "closing", "forward", "forward", "forward", "back")
TROUBLE_EVERY = 5  # kills
MODE_S = (1.0, 3.0)
JUMPS_S = {"forward": (330.0, 5400.0), "back": (-240.0, -5.0)}


@dataclass(slots=True)
class Killer:
    """Kills by id what the stage started, and nothing else."""

    stage: Stage
    chance: Random
    job_s: float  # of a processor, that a job with nothing to do takes on this machine
    events: list[Event] = field(default_factory=list)
    polite_at: float = 0.0
    postgres_after: int = 2  # deliveries that came to their end

    @property
    def n_kills(self) -> int:
        return sum(each.what == "kill" for each in self.events)

    def step(self) -> None:
        """Kill one; at every fifth kill make some trouble besides."""
        self._calm_down()
        victim = self._victim() if self.n_kills < KILLS_PER_JOB * (1 + self._n_finished) else ""
        if victim:
            self._kill(victim)
            if self.n_kills % TROUBLE_EVERY == 0:
                self._trouble(self.chance.choice(TROUBLE))
        time.sleep(self.chance.uniform(*PAUSE_S))

    @property
    def _n_finished(self) -> int:
        return sum(self.stage.programs[name].n_finished for name in ("digest", "deliver"))

    def _victim(self) -> str:
        """Choose among those that have been up for long enough to be in the middle of something."""
        programs = self.stage.programs
        ready = [name for name in WEIGHTS if self._is_ready(name) and name.split()[0] in programs]
        return self.chance.choices(ready, [WEIGHTS[each] for each in ready])[0] if ready else ""

    def _is_ready(self, name: str) -> bool:
        program = self.stage.programs.get(name.split()[0])
        if program is None or not program.is_running:
            return False
        if name == "postgres":
            return self.stage.programs["deliver"].n_finished >= self.postgres_after
        return program.worked_s >= WORKED.get(name, 0.0) * self.job_s * self.chance.uniform(0.8, 2.0)

    def _kill(self, name: str) -> None:
        program = self.stage.programs[name.split()[0]]
        done = program.kill_child(self.chance.randrange(8)) if name.endswith("child") else program.kill()
        if done:
            self._note("kill", name)
        if name == "postgres":
            self.postgres_after = self.stage.programs["deliver"].n_finished + self.chance.randint(*N_FINISHED)

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
        self._note("jump", f"{seconds:+.0f} s")

    def _calm_down(self) -> None:
        if self.polite_at and time.monotonic() > self.polite_at:
            self.make_peace()

    def make_peace(self) -> None:
        """Let the sink take everything again; lines that it holds half open end with it."""
        self.polite_at = 0.0
        held = (self.stage.folder / "mode").exists() and (self.stage.folder / "mode").read_text() == "half-open"
        (self.stage.folder / "mode").write_text("polite")
        self._note("mode", "polite")
        if held and self.stage.programs["sink"].is_running:
            self._kill("sink")

    def _note(self, what: str, name: str) -> None:
        self.events.append(Event(time.time(), what, name))
