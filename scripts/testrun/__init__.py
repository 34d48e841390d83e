"""How `make test` runs: parts side by side, each in several processes, one report."""
