"""Believable files of the protocol of PMs, of any size, the same for the same seed.

``ipe`` and ``cpn`` write good files; ``IpeFile`` may put one error in some lines, of
every kind there is, and says which; ``days`` writes a file and that of the next day.
Everything is fictitious but the communes, which are those of the Ain.
"""
