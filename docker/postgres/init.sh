#!/bin/bash
# Run once by the image of PostgreSQL: the product's own role, which is no superuser, and the
# template that its databases are made from (as scripts/pg.sh does).
set -Eeuo pipefail

psql -qX -v ON_ERROR_STOP=1 <<'SQL'
\set password `printf %s "$POSTGRES_PASSWORD"`
CREATE ROLE oiconnect LOGIN CREATEDB PASSWORD :'password';
CREATE DATABASE oic_template OWNER oiconnect LC_COLLATE 'C' TEMPLATE template0;
\c oic_template
CREATE EXTENSION unaccent;
ALTER FUNCTION unaccent(text) OWNER TO oiconnect;
ALTER FUNCTION unaccent(text) IMMUTABLE;
-- Who administers the server does so inside its container, without a password.
ALTER ROLE postgres PASSWORD NULL;
SQL
