"""The dialog of one more sending asks for the operator: operator_name, confirmed go.

What stands in dialogs that were open is of no use any more.
"""


def migrate(cr, version):
    if version:
        cr.execute("DELETE FROM oiconnect_publication_send")
