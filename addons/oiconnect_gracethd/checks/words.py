"""Words of checks, marked for the export of terms."""


def _lt(template):
    return template
