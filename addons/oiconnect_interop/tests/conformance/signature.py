"""Verifies the signature of a PDF file, as a reader does."""

import io

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def is_signed(pdf, root):
    """Tell whether all of the file is as it was signed, by who ``root`` vouches for."""
    [signature] = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    context = ValidationContext(trust_roots=[root])
    return validate_pdf_signature(signature, context).bottom_line
