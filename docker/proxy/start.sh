#!/bin/sh
# Writes the addresses of this container's environment into the settings, then serves.
set -eu

# One name is looked up again and again; several addresses, one a node, are a group.
group() {
    case "$2" in
        *" "*)
            printf 'upstream %s {\n' "$1"
            for node in $2; do printf '    server %s;\n' "$node"; done
            printf '}\n'
            ;;
    esac
}
named() { case "$2" in *" "*) echo "$1" ;; *) echo "$2" ;; esac; }

web="${OIC_WEB:-web:8069}" websocket="${OIC_WEBSOCKET:-web:8072}"
{ group web_nodes "$web" && group websocket_nodes "$websocket"; } >/tmp/nodes.conf
sed -e "s|@WEB@|$(named web_nodes "$web")|" \
    -e "s|@WEBSOCKET@|$(named websocket_nodes "$websocket")|" \
    -e "s|@RESOLVER@|${OIC_RESOLVER:-127.0.0.11}|" \
    -e "s|@HTTP_PORT@|${OIC_HTTP_PORT:-8080}|" \
    -e "s|@HTTPS_PORT@|${OIC_HTTPS_PORT:-8443}|" \
    -e "s|@CERTIFICATE@|${OIC_TLS_CERTIFICATE_FILE:-/run/secrets/tls_certificate}|" \
    -e "s|@ACCESS_LOG@|${OIC_ACCESS_LOG:-/dev/stdout}|" \
    -e "s|@KEY@|${OIC_TLS_KEY_FILE:-/run/secrets/tls_key}|" \
    /opt/proxy/nginx.conf >/tmp/nginx.conf
exec nginx -e stderr -c /tmp/nginx.conf -g 'daemon off;' "$@"
