"""The services, by their key."""

from . import emutation, sav, schedule, vertical_structure, works

SERVICES = {
    module.SERVICE.key: module.SERVICE
    for module in (sav, works, schedule, emutation, vertical_structure)
}
