"""Builds the template databases of the tests (.ci/run)."""

from oictools import templates
from oictools.console import main


def make():
    templates.ensure("demo", "nodemo")
    return 0


if __name__ == "__main__":
    main(make)
