"""Files that strangers made are read by a child process, which has nothing else.

``process`` starts it and takes its answers, ``child`` is what runs there,
``confinement`` takes from it what a reader does not need, ``wire`` is what both speak.
A reader is a module without ORM whose ``open_file(raw, scratch, **arguments)`` is a
context manager that gives its commands: ``{name: function}``.
"""
