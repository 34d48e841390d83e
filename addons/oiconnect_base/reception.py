"""Reception of the lines of a flow, and refusals. Plain Python.

A model declares in ``_received_flows`` which flows it takes, and in ``_messages`` what
operators say besides; each channel (files, services, the REST API) reads its messages
and calls the methods named there.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from odoo.tools.translate import LazyGettext

# Of a value at fault, as much is stored for the explanation.
GIVEN_LENGTH = 100
# No user follows a record that a message makes: its history says who did what.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


class Refusal(NamedTuple):
    """Refusal of a line or record: code, field at fault, sentence.

    :param code: protocol code of the reason
    :param field: key of the value at fault, ``None`` for the whole line
    :param message: sentence for people, translated when it is shown
    :param found: what we have in its place, by the words of the story
    :param given: the value at fault as it was written, where it may be stored
    """

    code: str
    field: str | None
    message: str | LazyGettext
    found: dict | None = None
    given: str | None = None

    def with_given(self, value):
        """Return the same refusal with the value at fault."""
        if self.given or value in (None, ""):
            return self
        return self._replace(given=str(value)[:GIVEN_LENGTH])

    def translated(self, env):
        """Return the same refusal, its sentence in the language of ``env``."""
        if isinstance(self.message, LazyGettext):
            return self._replace(message=env._(self.message))
        return self


class Reception(NamedTuple):
    """Reception of the lines of a flow by a model.

    :param method: name of a method ``(line, operator, network, origin, **arguments)``
        that returns ``(record, [Refusal, …])``. A line is a dict with the English keys
        of the flow; ``errors`` has the refusals of what could not be read
    :param arguments: more arguments of the method, by name
    :param by_lot: the method takes a list of lines and returns a list
    :param creates: the lines make records, others name a record that exists
    :param repeated: keys of a line that its answer repeats, besides its reference
    :param verbs: what a line does to the record that it names, by the last part of its
        address in the REST API, and the values of the line that say so
    """

    method: str
    arguments: Mapping = MappingProxyType({})
    by_lot: bool = False
    creates: bool = False
    repeated: tuple[str, ...] = ()
    verbs: Mapping[str, Mapping] = MappingProxyType({})


class Message(NamedTuple):
    """A message of an operator on a kind of record that no flow carries.

    :param method: ``(line, operator, network, origin)`` of the model where it makes a
        record, ``(line, origin)`` of the record else. It returns ``(record, [Refusal,
        …])``; a refusal changes nothing
    :param keys: keys of a line: fields of the model, and what ``kinds`` has
    :param verb: what it does to the record, as in :class:`Reception`; None makes one
    :param kinds: types of keys that are no fields, as those of fields are called; a
        tuple is a list of values
    :param fixed: values of the line that the verb gives
    """

    method: str
    keys: tuple[str, ...] = ()
    verb: str | None = None
    kinds: Mapping[str, str | tuple] = MappingProxyType({})
    fixed: Mapping = MappingProxyType({})
