"""The demo network as its IPE tells it: invented streets of six real communes."""
