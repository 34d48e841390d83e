from . import customer_export
