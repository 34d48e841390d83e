"""What a process that runs tests does about its memory."""

import gc


def freeze_loaded_objects():
    """Have all that is loaded left alone by the collection of garbage.

    With the models of Odoo it would look through a million objects time and again, and
    write to the memory that forks share.
    """
    gc.collect()
    gc.freeze()
