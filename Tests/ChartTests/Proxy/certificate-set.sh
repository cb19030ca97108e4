# certificate-set.sh FOLDER KIND: certificates as people and other tools make them, laid out as daemon/ and client/.
set -euo pipefail
cd "$1"
kind=$2
mkdir daemon client

key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256)
digest=()
case $kind in
    pss*)
        key=(-newkey rsa:2048)
        digest=(-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest)
        ;;
    sha1) key=(-newkey rsa:2048) ;;
esac
server='subjectAltName=DNS:builder.example.com
extendedKeyUsage=serverAuth'
client='subjectAltName=URI:spiffe://buildkit/client/alice
extendedKeyUsage=clientAuth'
server_subject=/CN=builder client_subject=/CN=alice root_extensions=(-addext basicConstraints=critical,CA:TRUE
    -addext keyUsage=critical,keyCertSign,cRLSign)
case $kind in
    critical-names)
        server_subject=/ client_subject=/
        server=${server/subjectAltName=/subjectAltName=critical,}
        client=${client/subjectAltName=/subjectAltName=critical,}
        ;;
    critical-purposes)
        server=${server/extendedKeyUsage=/extendedKeyUsage=critical,}
        client=${client/extendedKeyUsage=/extendedKeyUsage=critical,}
        ;;
    any-purpose-client) client=${client/clientAuth/anyExtendedKeyUsage} ;;
    any-purpose-server) server=${server/serverAuth/anyExtendedKeyUsage} ;;
    no-signature-client) client+=$'\nkeyUsage=critical,keyEncipherment' ;;
    unknown-critical-client) client+=$'\n1.2.3.4=critical,ASN1:UTF8String:x' ;;
    unknown-critical-server) server+=$'\n1.2.3.4=critical,ASN1:UTF8String:x' ;;
    limited-*)
        root_extensions+=(-addext 'nameConstraints=critical,permitted;DNS:example.com')
        client='extendedKeyUsage=clientAuth'
        ;;&
    limited-decorative) client_subject='/CN=alice example' ;;
    limited-elsewhere)
        server=${server/builder.example.com/builder.example.org}
        client_subject='/CN=alice example'
        ;;
esac

openssl req -x509 "${key[@]}" "${digest[@]}" -nodes -days 400 -subj /CN=root -config /dev/null \
    "${root_extensions[@]}" -keyout root.key -out root.pem

# sign NAME SUBJECT EXTENSIONS AUTHORITY
sign() {
    openssl req "${key[@]}" -nodes -subj "$2" -config <(printf '[req]\ndistinguished_name=dn\n[dn]\n') \
        -keyout "$1.key" -out "$1.csr"
    openssl x509 -req -in "$1.csr" -CA "$4.pem" -CAkey "$4.key" -CAcreateserial "${digest[@]}" -days 300 \
        "${5:--sha256}" -extfile <(printf '%s\n' "$3") -out "$1.pem"
}

authority=root
case $kind in
    chain | root-between | missing-intermediate | intermediate-first | intermediate-anchor | short-path | wrong-purpose-authority)
        extensions=$'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash'
        [ $kind != wrong-purpose-authority ] || extensions+=$'\nextendedKeyUsage=clientAuth'
        sign middle /CN=middle "$extensions" root
        authority=middle
        ;;
esac
strength=-sha256
[ $kind != sha1 ] || strength=-sha1
sign server "$server_subject" "$server" $authority $strength
sign client "$client_subject" "$client" $authority

for side in daemon client; do cp root.pem $side/ca.pem; done
for pair in daemon:server client:client; do
    cp "${pair#*:}.pem" "${pair%:*}/cert.pem"
    cp "${pair#*:}.key" "${pair%:*}/key.pem"
done
case $kind in
    chain | wrong-purpose-authority) for side in daemon client; do cat middle.pem >>$side/cert.pem; done ;;
    root-between) for side in daemon client; do cat root.pem middle.pem >>$side/cert.pem; done ;;
    intermediate-first)
        cat middle.pem server.pem >daemon/cert.pem
        cat middle.pem >>client/cert.pem
        ;;
    intermediate-anchor) for side in daemon client; do cp middle.pem $side/ca.pem; done ;;
    carriage-returns) sed -i 's/$/\r/' daemon/*.pem client/*.pem ;;
    no-last-newline)
        for file in daemon/*.pem client/*.pem; do
            text=$(cat $file)
            printf %s "$text" >$file
        done
        ;;
    text-around) for file in daemon/*.pem client/*.pem; do sed -i '1i Bag Attributes\n    friendlyName: builder' $file; done ;;
    long-lines)
        for file in daemon/*.pem client/*.pem; do
            awk '/^-----BEGIN/ { print; next } /^-----END/ { print ""; print; next } { printf "%s", $0 }' $file >x
            mv x $file
        done
        ;;
    mark-daemon) sed -i '1s/^/\xef\xbb\xbf/' daemon/ca.pem ;;
    mark-client) sed -i '1s/^/\xef\xbb\xbf/' client/ca.pem ;;
    indented-daemon) sed -i 's/^/  /' daemon/cert.pem ;;
    indented-client) sed -i 's/^/  /' client/cert.pem ;;
    binary-daemon) openssl x509 -in server.pem -outform der -out daemon/cert.pem ;;
esac
chmod 600 daemon/key.pem client/key.pem
