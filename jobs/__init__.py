"""The jobs: each can be run once by hand (`python -m jobs.<name> --help`) and is a task of the worker too."""
