# A ticket that we open for an operator is never notified; the operator fetches it.
hotline opens OCAA
OCAA is open
OCAA reads QUEUED
hotline adds_task OCAA
OCAA is in_progress
OCAA reads OPENACTIVE
OCAA deaf ticket
