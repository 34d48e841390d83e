"""Tools behind make run, test and lint. They run under scripts/env.sh."""
