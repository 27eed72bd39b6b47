#!/bin/sh
# make_certificates.sh <folder>: what TLS tests need, made anew at each run; no key is ever kept.
#   ca.pem                      an authority, and of everything below <name>.pem with <name>.key:
#   server                      for localhost and 127.0.0.1, by the authority
#   renewed                     the same, another time
#   elsewhere                   for elsewhere.example, by the authority
#   client                      a caller's, by the authority
#   encrypted.key               the server's key, with the passphrase "open sesame"
#   stranger-ca.pem, stranger   another authority, and one for localhost by that
set -e
cd "${1:?usage: make_certificates.sh <folder>}"

new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }

authority() { # <name>
  new_key "$1"
  openssl req -x509 -new -key "$1.key" -days 2 -subj "/CN=$1" -out "$1.pem" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
}

certificate() { # <name> <authority> <extensions…>
  name=$1 by=$2
  shift 2
  new_key "$name"
  openssl req -new -key "$name.key" -subj "/CN=$name" -out "$name.csr"
  printf '%s\n' "$@" >"$name.ext"
  openssl x509 -req -in "$name.csr" -CA "$by.pem" -CAkey "$by.key" -CAcreateserial -days 2 -extfile "$name.ext" \
    -out "$name.pem"
  rm "$name.csr" "$name.ext"
}

exec 2>openssl.log
local_names=subjectAltName=DNS:localhost,IP:127.0.0.1
authority ca
authority stranger-ca
certificate server ca "$local_names"
certificate renewed ca "$local_names"
certificate elsewhere ca subjectAltName=DNS:elsewhere.example
certificate client ca extendedKeyUsage=clientAuth
certificate stranger stranger-ca "$local_names"
openssl ec -in server.key -aes256 -passout 'pass:open sesame' -out encrypted.key
