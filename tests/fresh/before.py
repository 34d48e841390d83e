"""What .ci/run does before it installs anything of development.

Checks the run-time lock with each Python of the machine while it types the first
command of the README in a machine that has nothing else. Ends with 1, and says why, if
one fails.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import environments
import first_run
from machine import CannotMake, Machine
from oictools.console import say


def main():
    with ThreadPoolExecutor(1) as pool:
        found = environments.pythons().items()
        locks = [pool.submit(check_lock, *one) for one in found]
        follow_readme()
        return max(lock.result() for lock in locks)


def check_lock(version, path):
    if found := environments.faults(version, path):
        print(f"the run-time lock of Python {version} is not whole:\n{found}")
        return 1
    say(f"the run-time lock is whole with Python {version}")
    return 0


def follow_readme():
    begun = time.monotonic()
    try:
        machine = Machine().ensure()
    except CannotMake as reason:
        say(f"no machine with nothing of ours: {reason}")
        return
    say(f"a machine that has what the README names ({time.monotonic() - begun:.0f} s)")
    record = first_run.run(machine)
    say(f"git clone, make run, log-in page: {record['seconds']:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
