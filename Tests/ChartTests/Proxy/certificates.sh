# certificates.sh FOLDER: what the tests need, made by openssl; every use as in the field.
set -euo pipefail
cd "$1"

# authority NAME
authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$1" \
        -keyout "$1.key" -out "$1.pem"
    : >"$1.index"
}

# Only `openssl ca` gives any dates, and makes revocation lists.
configuration() {
    printf '%s\n' '[ca]' 'default_ca = it' '[it]' "database = $1.index" 'new_certs_dir = .' \
        "certificate = $1.pem" "private_key = $1.key" 'default_md = sha256' 'default_crl_days = 30' 'rand_serial = yes' \
        'policy = policy' '[policy]' 'commonName = supplied'
}

# leaf AUTHORITY NAME EXTENSIONS [FROM TO], with a key of the kind that $kind says
kind=(ec -pkeyopt ec_paramgen_curve:P-256)
leaf() {
    openssl req -newkey "${kind[@]}" -nodes -subj "/CN=$2" -keyout "$2.key" -out "$2.csr"
    openssl ca -batch -notext -config <(configuration "$1") -in "$2.csr" -out "$2.pem" \
        -startdate "${4:-20260101000000Z}" -enddate "${5:-20560101000000Z}" -extfile <(printf '%s\n' "$3")
}

client=$'extendedKeyUsage=clientAuth\nsubjectAltName=URI:spiffe://buildkit/client'
server=$'extendedKeyUsage=serverAuth\nsubjectAltName'
for name in outer inner stranger; do authority "$name"; done
leaf outer server "$server=DNS:localhost,IP:127.0.0.1"
leaf outer other "$server=DNS:localhost,IP:127.0.0.1"
leaf outer expired "$server=DNS:localhost" 20190101000000Z 20200102000000Z
for name in alice bob carol; do leaf outer "$name" "$client/$name"; done
# As people make them by hand: no name but the common one.
leaf outer plain 'extendedKeyUsage=clientAuth'
leaf stranger mallory "$client/alice"
leaf inner proxy 'extendedKeyUsage=clientAuth'
leaf inner buildkitd "$server=DNS:buildkitd"
kind=(ed25519)
leaf outer edward "$client/edward"
kind=(rsa:2048)
leaf outer ronald "$client/ronald"
openssl ca -config <(configuration outer) -revoke bob.pem
openssl ca -config <(configuration outer) -gencrl -out crl.pem
