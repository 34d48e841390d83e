#!/bin/sh
# Writes the addresses of this container's environment into the settings, then serves.
set -eu

sed -e "s|@WEB@|${OIC_WEB:-web:8069}|" \
    -e "s|@WEBSOCKET@|${OIC_WEBSOCKET:-web:8072}|" \
    -e "s|@RESOLVER@|${OIC_RESOLVER:-127.0.0.11}|" \
    -e "s|@HTTP_PORT@|${OIC_HTTP_PORT:-8080}|" \
    -e "s|@HTTPS_PORT@|${OIC_HTTPS_PORT:-8443}|" \
    -e "s|@CERTIFICATE@|${OIC_TLS_CERTIFICATE_FILE:-/run/secrets/tls_certificate}|" \
    -e "s|@ACCESS_LOG@|${OIC_ACCESS_LOG:-/dev/stdout}|" \
    -e "s|@KEY@|${OIC_TLS_KEY_FILE:-/run/secrets/tls_key}|" \
    /opt/proxy/nginx.conf >/tmp/nginx.conf
exec nginx -e stderr -c /tmp/nginx.conf -g 'daemon off;' "$@"
