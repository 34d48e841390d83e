"""Sentences that agree with a number."""

from odoo.tools.misc import babel_locale_parse, get_lang


def plural(env, count, one, many):
    """Return the form of a sentence that a language wants for ``count``.

    :param one: the sentence for one thing; French says it of nothing too
    :param many: the sentence for several things
    """
    locale = babel_locale_parse(get_lang(env).code)
    return one if locale.plural_form(count) == "one" else many
