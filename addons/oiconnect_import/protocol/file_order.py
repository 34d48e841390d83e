"""The order in which files that are made at the same time leave."""

import heapq
from graphlib import CycleError, TopologicalSorter


def ordered_files(first, pairs):
    """Return files, the oldest first, none before one that ``pairs`` wants before it.

    Where pairs contradict each other, age alone decides.

    :param first: ``{file: the id of its first message}``
    :param pairs: ``{(file, later file)}``; those of other files are left out
    """
    sorter = TopologicalSorter(dict.fromkeys(first, ()))
    for earlier, later in pairs:
        if earlier != later and earlier in first and later in first:
            sorter.add(later, earlier)
    try:
        sorter.prepare()
    except CycleError:
        return sorted(first, key=first.get)
    found, ready = [], []
    while sorter.is_active():
        for file in sorter.get_ready():
            heapq.heappush(ready, (first[file], len(ready), file))
        _age, _rank, file = heapq.heappop(ready)
        found.append(file)
        sorter.done(file)
    return found
