import MutualTLS

extension Script {
    /// Signs a client's certificate with openssl.
    static func issue(_ order: ClientOrder, in folder: String) -> [String] {
        let target = "\(folder)/clients/\(order.name)"
        let authority = "\(folder)/authority"
        let key =
            switch order.algorithm {
            case .p256: "EC -pkeyopt ec_paramgen_curve:P-256"
            case .ed25519: "ED25519"
            case .rsa: "RSA -pkeyopt rsa_keygen_bits:3072"
            }
        return [
            "(umask 077 && mkdir -p \(target.shellQuoted))", "EXTENSIONS=$(mktemp)",
            "printf 'keyUsage=critical,digitalSignature\\nextendedKeyUsage=clientAuth\\nsubjectAltName=URI:%s\\n' "
                + "\(ClientName.identity(of: order.name)) > \"$EXTENSIONS\"",
            "(umask 077 && openssl genpkey -algorithm \(key) -out \("\(target)/key.pem".shellQuoted))",
            "openssl req -new -key \("\(target)/key.pem".shellQuoted) -subj /CN=\(order.name) |",
            "  openssl x509 -req -CA \("\(authority)/ca.pem".shellQuoted) "
                + "-CAkey \("\(authority)/key.pem".shellQuoted) -days \(order.days) -extfile \"$EXTENSIONS\" "
                + "-out \("\(target)/cert.pem".shellQuoted)",
            "cp \("\(folder)/daemon/ca.pem".shellQuoted) \("\(target)/ca.pem".shellQuoted)",
        ]
    }

    static func revoke(_ serials: [String], in folder: String) -> [String] {
        serials.map { "# put the serial \($0) on the list \(folder)/authority/crl.pem, and sign it anew" }
    }

    /// What takes a look at is told, for nothing simple knocks like buildx.
    static func look(_ look: ClientLook) -> [String] {
        (look.isChange ? nudge(look.site) : [])
            + [
                "# with the files in \(look.registration.folder), \(look.client) is now "
                    + (look.isRefused ? "refused" : "let in")
            ]
    }

    static func write(_ bundle: Bundle) -> [String] {
        let folder = bundle.registration.folder
        let files = ["ca.pem", "cert.pem", "key.pem"]
        guard bundle.path.hasSuffix(".tar") else {
            let paths = files.map { "\(folder)/\($0)".shellQuoted }.joined(separator: " ")
            let path = bundle.path.shellQuoted
            return ["(umask 077 && mkdir -p \(path) && cp \(paths) \(path))"]
        }
        return [
            "(umask 077 && tar -C \(folder.shellQuoted) -cf \(bundle.path.shellQuoted) "
                + "\(files.joined(separator: " ")))"
        ]
    }

    /// Only some keys of a Secret; the others stay.
    static func patch(_ recipe: SecretRecipe) -> [String] {
        let values = recipe.files.sorted { $0.key < $1.key }.map {
            "\\\"\($0.key)\\\":\\\"$(base64 < \($0.value.shellQuoted) | tr -d '\\n')\\\""
        }
        let command = recipe.secret.kubectl("patch", "secret", recipe.secret.name, "--patch", "DATA")
        let data = "\"{\\\"data\\\":{\(values.joined(separator: ","))}}\""
        return ["\(command)".replacing("--patch DATA", with: "--patch \(data)")]
    }
}
