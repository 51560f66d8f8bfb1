#!/usr/bin/env sh
# Deploy hook for acme.sh: serves a certificate on Tencent Cloud, Alibaba Cloud and Huawei Cloud by cloudcert-mcp.
#
# Link this file to ~/.acme.sh/deploy/cloudcert.sh, and then, once for each certificate:
#
#   acme.sh --deploy -d example.com --deploy-hook cloudcert
#
# These variables are kept for the renewals of that certificate; all are optional:
#
#   DEPLOY_CLOUDCERT_SETTINGS   a file with the variables of cloudcert-mcp; default /etc/cloudcert-mcp/settings
#   DEPLOY_CLOUDCERT_TARGETS    targets of deploy_certificate, as JSON; default: every domain that the certificate covers
#   DEPLOY_CLOUDCERT_HOOK       the path of cloudcert-deploy-hook if it is not in the PATH
#
# returns 0 means that the certificate is served, otherwise error.

########  Public functions #####################

#domain keyfile certfile cafile fullchain
cloudcert_deploy() {
  _cdomain="$1"
  _ckey="$2"
  _ccert="$3"
  _cca="$4"
  _cfullchain="$5"

  _debug _cdomain "$_cdomain"
  _debug _ckey "$_ckey"
  _debug _ccert "$_ccert"
  _debug _cca "$_cca"
  _debug _cfullchain "$_cfullchain"

  for _variable in DEPLOY_CLOUDCERT_SETTINGS DEPLOY_CLOUDCERT_TARGETS DEPLOY_CLOUDCERT_HOOK; do
    _getdeployconf "$_variable"
  done
  _hook="${DEPLOY_CLOUDCERT_HOOK:-cloudcert-deploy-hook}"
  if ! command -v "$_hook" >/dev/null; then
    _err "$_hook is not installed: npm install --global cloudcert-mcp"
    return 1
  fi
  # As base64: acme.sh stores values as lines of shell.
  [ -z "$DEPLOY_CLOUDCERT_SETTINGS" ] || _savedeployconf DEPLOY_CLOUDCERT_SETTINGS "$DEPLOY_CLOUDCERT_SETTINGS" 1
  [ -z "$DEPLOY_CLOUDCERT_TARGETS" ] || _savedeployconf DEPLOY_CLOUDCERT_TARGETS "$DEPLOY_CLOUDCERT_TARGETS" 1
  [ -z "$DEPLOY_CLOUDCERT_HOOK" ] || _savedeployconf DEPLOY_CLOUDCERT_HOOK "$DEPLOY_CLOUDCERT_HOOK" 1

  if ! "$_hook" ${DEPLOY_CLOUDCERT_SETTINGS:+--settings "$DEPLOY_CLOUDCERT_SETTINGS"} \
    ${DEPLOY_CLOUDCERT_TARGETS:+--targets "$DEPLOY_CLOUDCERT_TARGETS"} --chain "$_cfullchain" --key "$_ckey"; then
    _err "The certificate of $_cdomain is not deployed."
    return 1
  fi
}
