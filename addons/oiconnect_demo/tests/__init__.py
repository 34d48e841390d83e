from . import test_clock, test_demo_plan
