"""Plan of a PM as a PDF: plain Python, data classes in and bytes out."""
