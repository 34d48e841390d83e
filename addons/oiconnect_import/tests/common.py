def queue_and_run(record, dry_run=False):
    """What the queue and its runner do, one after the other."""
    record.write({"state": "queued", "dry_run": dry_run})
    record.env.flush_all()
    record._run()
    record.env.invalidate_all()
