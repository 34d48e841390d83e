"""The demo network and its orders, planned in plain Python from an IPE file."""
