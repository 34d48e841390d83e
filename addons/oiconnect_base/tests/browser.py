import os
import unittest

# scripts/browser.sh sets it where no browser can be had.
needs_browser = unittest.skipIf(
    os.environ.get("OIC_NO_BROWSER"),
    "no browser on this machine: install Chromium to run this test",
)
