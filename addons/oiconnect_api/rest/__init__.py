"""The REST API without ORM: what is declared of resources, paging, problems."""

ROOT = "/oiconnect/api/v1"
#: bytes of a request's body
LARGEST_BODY = 8 * 1024 * 1024
#: rows of a page, and of a request that creates or changes many
MAX_ROWS = 1000
