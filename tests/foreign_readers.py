"""Where the product reads a format that strangers write, and why there.

``IN_A_PROCESS`` runs only in the process of ``oiconnect_base/foreign_files``. What
stands in ``HERE`` reads in the server's own: each with the reason why that is bounded.
"""

#: modules whose import, and calls whose use, reads a foreign format
MODULES = {
    *("sqlite3", "zipfile", "tarfile", "zlib", "gzip", "bz2", "lzma", "csv", "xml"),
    *("lxml", "defusedxml", "html5lib", "openpyxl", "xlrd", "pandas", "odf", "docx"),
    *("pypdf", "PyPDF2", "pdfminer", "PIL", "cv2", "magic", "shapefile", "fiona"),
    *("pyogrio", "osgeo", "geopandas", "yaml", "vobject", "ofxparse", "marshal"),
    *("pickle", "shelve", "dbm", "email", "asn1crypto", "plistlib", "tomllib"),
}
ODOO = {
    *("odoo.tools.image", "odoo.tools.pdf", "odoo.tools.mimetypes"),
    *("odoo.tools.xml_utils", "odoo.tools.convert"),
}

IN_A_PROCESS = {
    "gracethd/reading/database.py": "SQLite",
    "gracethd/reading/delivery.py": "zip",
    "gracethd/reading/problems.py": "what zip raises",
    "infra/plan/picture_reader.py": "JPEG and PNG",
}
HERE = {
    # what strangers send, by the thousand, within limits that tests show
    "import/protocol/reader.py": "csv in pure Python: a line of 64 kB at most, cells "
    "cut by us, csv itself sees records with quotes only; test_protocol_hostile.py",
    "soap/soap/safe_xml.py": "1 MB, no DOCTYPE, depth and names counted as it is "
    "read; a process costs ten times what a call does; soap/tests/soap/test_hostile.py",
    "soap/soap/envelope.py": "elements that safe_xml has read",
    "soap/soap/redaction.py": "elements that safe_xml has read",
    "billing/dispute_file.py": "csv in pure Python: 20 MB, 30 000 lines, cells of "
    "128 kB; test_dispute_file.py",
    # half of it runs in a process
    "import/bulk/archive.py": "zip: what opens one is called by zip_reader.py only",
    # what we wrote ourselves
    "api/models/api/published.py": "files of the addon",
    "api/rest/description.py": "the arch of our own views",
    "api/rest/examples.py": "files of the addon",
    "api/rest/tiles.py": "writes",
    "base/doors.py": "files of the addon",
    "base/hooks.py": "files of the addon",
    "base/models/help.py": "files of the addon, and their HTML",
    "base/report_picture.py": "draws a picture",
    "billing/annex.py": "writes",
    "billing/models/disputes/billing_dispute_answer.py": "writes",
    "demo/hooks.py": "files of the addon",
    "demo/load/files.py": "a file that the demo has just written",
    "demo/plan/places.py": "files of the addon",
    "gracethd/catalogue/__init__.py": "files of the addon",
    "gracethd/models/import_.py": "writes",
    "gracethd/writing/folder.py": "writes",
    "gracethd/writing/geopackage.py": "writes a database of its own",
    "infra/controllers/trace.py": "writes",
    "infra/models/history/tracked.py": "makes the arch of a view",
    "infra/models/rules/rule_export.py": "writes",
    "interop/bulk/publish/output.py": "writes",
    "interop/conformance_pdf.py": "writes a PDF and its signature",
    "interop/signing.py": "a certificate of our own company, by its administrator",
    "import/models/imports/import_error.py": "writes",
    "interop/models/publications/publication.py": "makes the arch of a view",
    "import/protocol/archive.py": "writes",
    "soap/soap/answer.py": "writes",
    "soap/soap/codes.py": "files of the addon",
    "soap/soap/documents.py": "contracts of the addon",
    "soap/soap/metadata.py": "writes",
    "portal/guide_pages.py": "pages of the addon",
    "statistics/models/statistics_export.py": "writes",
}
