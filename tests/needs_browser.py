"""The mark of tests with a browser: skipped by name on a machine that has none."""

import os

import pytest

needs_browser = pytest.mark.skipif(
    bool(os.environ.get("OIC_NO_BROWSER")), reason="no browser on this machine"
)
