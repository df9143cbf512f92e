"""Two at the same moment, a thousand times over: what must hold whoever wins."""
