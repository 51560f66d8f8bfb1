#!/bin/sh
# Deploys a certificate that an ACME client has just renewed, by `cloudcert-mcp run deploy_certificate`.
#
#   certbot:     certbot certonly … --deploy-hook cloudcert-deploy-hook
#   lego 4:      lego … run --run-hook cloudcert-deploy-hook, lego … renew --renew-hook cloudcert-deploy-hook
#   lego 5:      lego run … --deploy-hook cloudcert-deploy-hook
#   any other:   cloudcert-deploy-hook --chain FILE --key FILE
#
# --ask             Ask a person, as --approve says; default: what no standing approval covers is left for a person
# --settings FILE   Variables of cloudcert-mcp, as NAME=value lines; default /etc/cloudcert-mcp/settings if it is there
# --user NAME       Where root runs the hook: become this user first (Linux)
# --targets JSON    Targets of deploy_certificate; default: every domain with HTTPS that the certificate covers
#
# Other arguments follow these and go to `cloudcert-mcp run`. The exit code is its own: 0 only if the certificate is served everywhere.
# The key is passed as the path of its file. What each client makes of the exit code: docs/unattended.md.
set -eu

fail() {
  printf 'cloudcert-deploy-hook: %s Nothing was changed.\n' "$1" >&2
  exit 2
}

# A path as a file: URI. Every byte that JSON, a shell or a URI could take for more than a letter is encoded.
uri_of() {
  FILE=$1 LC_ALL=C awk 'BEGIN {
    for (code = 1; code < 256; code++) hex[sprintf("%c", code)] = sprintf("%%%02X", code)
    for (place = 1; place <= length(ENVIRON["FILE"]); place++) {
      byte = substr(ENVIRON["FILE"], place, 1)
      uri = uri (byte ~ /[A-Za-z0-9\/._-]/ ? byte : hex[byte])
    }
    print "file://" uri
  }'
}

# The file itself and not a link to it: certbot points its links at the next certificate, and a rollback needs this one.
real_path() {
  case $1 in
    /*) realpath "$1" ;;
    *) realpath "./$1" ;;
  esac
}

ask='' settings='' user='' targets='' chain='' key=''
while [ $# -gt 0 ]; do
  case $1 in
    --help)
      # The comment at the head of this file.
      sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    --ask)
      ask=$1
      shift
      continue
      ;;
    --settings | --user | --targets | --chain | --key) [ $# -gt 1 ] || fail "$1 has no value." ;;
    *) break ;;
  esac
  case $1 in
    --settings) settings=$2 ;;
    --user) user=$2 ;;
    --targets) targets=$2 ;;
    --chain) chain=$2 ;;
    --key) key=$2 ;;
  esac
  shift 2
done

if [ -n "$chain" ] || [ -n "$key" ]; then
  :
elif [ -n "${RENEWED_LINEAGE-}" ]; then
  chain=$RENEWED_LINEAGE/fullchain.pem key=$RENEWED_LINEAGE/privkey.pem
elif [ -n "${LEGO_HOOK_CERT_PATH-}${LEGO_CERT_PATH-}" ]; then
  chain=${LEGO_HOOK_CERT_PATH:-$LEGO_CERT_PATH} key=${LEGO_HOOK_CERT_KEY_PATH:-${LEGO_CERT_KEY_PATH-}}
  # lego ends a hook after two minutes, lego 5 unless it is told otherwise. First, so that the caller's own count.
  set -- --approval-wait 40 --wait 60 "$@"
else
  fail 'No certificate: neither certbot nor lego has named one, and --chain and --key were not given.'
fi

if [ -n "$user" ] && [ "$(id -un)" != "$user" ]; then
  exec setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups --reset-env -- \
    "$0" ${ask:+"$ask"} ${settings:+--settings "$settings"} ${targets:+--targets "$targets"} --chain "$chain" --key "$key" "$@"
fi

default=/etc/cloudcert-mcp/settings
[ -n "$settings" ] || [ ! -e "$default" ] || settings=$default
if [ -n "$settings" ]; then
  [ -r "$settings" ] || fail "$settings cannot be read."
  set -a
  # shellcheck source=/dev/null
  . "$(real_path "$settings")"
  set +a
fi

[ -r "$chain" ] || fail "The certificate $chain cannot be read."
[ -r "$key" ] || fail "The key $key cannot be read."
chain=$(real_path "$chain") key=$(real_path "$key")
[ -n "${CLOUDCERT_FILES-}" ] || set -- --files "$(dirname "$chain")" --files "$(dirname "$key")" "$@"
[ -n "$ask" ] || set -- --unattended "$@"
where='"covered":true'
[ -z "$targets" ] || where="\"targets\":$targets"

# npm puts both programs, and often node, into one directory, which a client started by a timer may not look in.
PATH=$(dirname "$0"):$PATH
command -v cloudcert-mcp >/dev/null || fail 'The program cloudcert-mcp is not in the PATH.'
printf '{"certificate":"%s","private_key":"%s",%s}' "$(uri_of "$chain")" "$(uri_of "$key")" "$where" |
  cloudcert-mcp run deploy_certificate - "$@"
