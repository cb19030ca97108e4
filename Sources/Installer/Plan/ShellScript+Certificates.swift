import MutualTLS

extension ShellScript {
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
                + "\(ClientName.identity(of: order.name).shellQuoted) > \"$EXTENSIONS\"",
            "(umask 077 && openssl genpkey -algorithm \(key) -out \("\(target)/key.pem".shellQuoted))",
            "openssl req -new -key \("\(target)/key.pem".shellQuoted) -subj \("/CN=\(order.name)".shellQuoted) |",
            "  openssl x509 -req -CA \("\(authority)/ca.pem".shellQuoted) "
                + "-CAkey \("\(authority)/key.pem".shellQuoted) -days \(order.days) -extfile \"$EXTENSIONS\" "
                + "-out \("\(target)/cert.pem".shellQuoted)",
            "cp \("\(folder)/daemon/ca.pem".shellQuoted) \("\(target)/ca.pem".shellQuoted)",
        ]
    }

    static func revoke(_ serials: [String], in folder: String) -> [String] {
        serials.map {
            "# add the serial \($0.visibleLine) to \(folder.visibleLine)/authority/crl.pem, and sign the list again"
        }
    }

    /// The check is described in a comment, because no simple tool connects like buildx.
    static func look(_ look: ClientAccessCheck) -> [String] {
        (look.isChange ? nudge(look.installation) : [])
            + [
                "# with the files in \(look.registration.folder.visibleLine), client \(look.client.visibleLine) is now "
                    + (look.isRefused ? "rejected" : "accepted")
            ]
    }

    static func write(_ bundle: ClientBundle) -> [String] {
        let folder = bundle.registration.folder
        let files = ["ca.pem", "cert.pem", "key.pem"]
        guard TarArchive.isName(bundle.path) else {
            let paths = files.map { "\(folder)/\($0)".shellQuoted }.joined(separator: " ")
            let path = bundle.path.shellQuoted
            return ["(umask 077 && mkdir -p \(path) && cp \(paths) \(path))"]
        }
        return [
            "(umask 077 && tar -C \(folder.shellQuoted) -c\(TarArchive.isCompressed(bundle.path) ? "z" : "")f "
                + "\(bundle.path.shellQuoted) "
                + "\(files.joined(separator: " ")))"
        ]
    }

    /// Ends the script: only the CA can sign a merged list, and a script that went on would readmit who is only on
    /// the list that it does not have.
    static func mergeByProgram(_ secret: SecretName) -> [String] {
        let words =
            "The revocation lists on this machine and in the Secret \(secret.name) differ, and a script cannot "
            + "merge them. Run the command itself."
        return ["echo \(words.shellQuoted) >&2", "exit 1"]
    }

    /// Writes only some keys of a Secret; the others are kept.
    static func patch(_ recipe: SecretSpec) -> [String] {
        let values = recipe.filesByHand.sorted { $0.key < $1.key }.map {
            "\\\"\($0.key)\\\":\\\"$(base64 < \($0.value.shellQuoted) | tr -d '\\n')\\\""
        }
        let command = recipe.secret.kubectl("patch", "secret", recipe.secret.name, "--patch", "DATA")
        let data = "\"{\\\"data\\\":{\(values.joined(separator: ","))}}\""
        return ["\(command)".replacing("--patch DATA", with: "--patch \(data)")]
    }
}

extension ShellScript {
    private static let noClients = #"{"issued":[],"revoked":[]}"#

    /// The key with the certificates that each machine has issued. An existing Secret keeps its register; in a new
    /// one it is empty until the next change of a client.
    static func register(of recipe: SecretSpec) -> [String] {
        guard recipe.revocations != nil else { return [] }
        let key = CertificateLayout.clientRegister
        return [
            recipe.replaces
                ? "--from-literal=\(key)=\"$REGISTER\""
                : "--from-literal=\("\(key)=\(noClients)".shellQuoted)"
        ]
    }

    /// Sets REGISTER to the content of that key in a Secret that is to be replaced.
    static func readRegister(of recipe: SecretSpec) -> [String] {
        guard recipe.revocations != nil, recipe.replaces else { return [] }
        return [
            "REGISTER=$(\(read(CertificateLayout.clientRegister, of: recipe.secret)))",
            "[ -n \"$REGISTER\" ] || REGISTER=\(noClients.shellQuoted)",
        ]
    }

    /// Prints the content of a key of a Secret.
    private static func read(_ key: String, of secret: SecretName) -> String {
        let path = key.split(separator: ".").joined(separator: "\\.")
        let get = secret.kubectl("get", "secret", secret.name, "--output", "jsonpath={.data.\(path)}")
        return "\(get) | base64 -d"
    }
}

extension SecretSpec {
    /// In the script, the lists are those of the folder; the user must make sure that the cluster has no newer ones.
    var filesByHand: [String: String] {
        guard let revocations else { return files }
        return files.merging(["crl.pem": CertificateFolder(path: revocations).path(of: .revocations)]) { $1 }
    }
}

extension ShellScript {
    /// The definition determines the modes of the files that it writes, so access to the folder is restricted first.
    static func bake(_ command: Command, into folder: String) -> [String] {
        let target = folder.shellQuoted
        return [
            "(umask 077 && mkdir -p \(target))",
            "(umask 077 && cd \(target) && \(command) && chmod -R go-rwx .)",
        ]
    }

    static func saveClient(_ folder: String, _ secret: SecretName) -> [String] {
        save(
            ["client.crt": "client/cert.pem", "client.key": "client/key.pem", "ca.crt": "client/ca.pem"],
            secret, folder)
    }

    static func saveServer(_ folder: String, _ secret: SecretName) -> [String] {
        save(
            [
                "ca.pem": "daemon/ca.pem", "server.pem": "daemon/cert.pem",
                "server-key.pem": "daemon/key.pem",
                "crl.pem": "authority/crl.pem",
            ], secret, folder)
    }

    /// Writes keys of a Secret to files that only the user can read.
    private static func save(
        _ files: [String: String], _ secret: SecretName, _ folder: String
    ) -> [String] {
        let targets = files.mapValues { "\(folder)/\($0)" }
        let folders = Set(targets.values.map(\.parentFolder)).sorted().map(\.shellQuoted)
        return ["(umask 077 && mkdir -p \(folders.joined(separator: " ")))"]
            + targets.sorted { $0.value < $1.value }.map { key, file in
                "(umask 077 && \(read(key, of: secret)) > \(file.shellQuoted))"
            }
    }

    /// No common tool can sign the certificates as needed: this program does that part.
    static func prepare(_ order: RenewalOrder, _ folder: String) -> [String] {
        let what =
            switch order.change {
            case .leaves: "for the server and the clients, signed by the current CA"
            case .introduce: "of a new CA, trusted along with the old CA"
            case .retire: "of the new CA only"
            case .replace: "of a new CA, replacing the old CA"
            case .inner: "for internal mTLS (Envoy to BuildKit)"
            }
        return ["# buildkit-installer writes new certificates \(what) to \("\(folder)/renewal".shellQuoted)"]
    }

    static func install(_ folder: String) -> [String] {
        [
            "rm -f \("\(folder)/renewal/renewal.json".shellQuoted)",
            "cp -R \("\(folder)/renewal/.".shellQuoted) \(folder.shellQuoted)",
            "rm -rf \("\(folder)/renewal".shellQuoted)",
        ]
    }
}

extension ShellScript {
    /// Makes the proxies reload, and queries the endpoint until it serves the certificate.
    static func lines(for rollout: CertificateRollout, at installation: InstallationID) -> [String] {
        let folder = rollout.registration.folder
        let (address, host) = dialled(rollout.registration)
        let name = rollout.registration.servername.map { " -servername \($0.shellQuoted)" } ?? ""
        let look =
            "openssl s_client -connect \"\(host)\"\(name) -CAfile \("\(folder)/ca.pem".shellQuoted) "
            + "-cert \("\(folder)/cert.pem".shellQuoted) -key \("\(folder)/key.pem".shellQuoted)"
        let print = "openssl x509 -noout -fingerprint -sha256"
        let forward = rollout.tunnel.map { ["\($0.kubectl.portForward($0)) &", "FORWARD=$!"] } ?? []
        return nudge(installation) + forward + address + [
            "WANTED=$(\(print) -in \(rollout.certificate.shellQuoted))",
            "until [ \"$(\(look) </dev/null 2>/dev/null | \(print))\" = \"$WANTED\" ]; do sleep 1; done",
        ] + (forward.isEmpty ? [] : ["kill \"$FORWARD\""])
    }

    static func nudge(_ installation: InstallationID) -> [String] {
        let annotate = installation.kubectl(
            "annotate", "pods", "--selector", KubernetesLabels.pods(of: installation, "proxy"),
            "\(KubernetesLabels.certificatesChangedAnnotation)=NOW", "--overwrite")
        return ["\(annotate)".replacing("=NOW", with: "=\"$(date +%s)\"")]
    }
}

/// The script in a client bundle: it registers the builder with the files beside it.
struct ClientBundleScript {
    private let bundle: ClientBundle
    private let endpoint: Endpoint
    private let servername: String?

    init(_ bundle: ClientBundle, at endpoint: Endpoint, servername: String?) {
        self.bundle = bundle
        self.endpoint = endpoint
        self.servername = servername
    }

    var text: String {
        let registration = bundle.registration
        let create = Buildx.create(
            registration.builder, node: registration.node, options: [Self.options],
            platforms: registration.platforms,
            endpoint: "\(endpoint)", use: false)
        // The folder is on the receiver's machine: only the script knows it, and it may contain characters that are
        // special in buildx's lists.
        var options = [("cacert", "ca"), ("cert", "cert"), ("key", "key")].map { option, file in
            "\\\"\(option)=$FOLDER/\(file).pem\\\""
        }
        if let servername, servername != endpoint.host, servername.isHost {
            options.append("servername=\(servername)")
        }
        let builder = registration.builder.visibleLine
        let forward =
            bundle.tunnel.map { ["# Before each use, in another terminal: \($0.kubectl.portForward($0))"] }
            ?? []
        let head = [
            "#!/bin/sh",
            "# Registers the builder \(builder) for \(bundle.client.visibleLine). "
                + "Then: docker buildx build --builder \(registration.builder.shellQuoted) .",
            "# docker buildx reads the certificate from this directory: do not move it afterwards.",
            "# Run it again to update the registration.",
        ]
        let body = [
            "set -eu",
            // A CDPATH of the receiver would change to another folder, and print its path.
            "CDPATH= cd -- \"$(dirname -- \"$0\")\"",
            "FOLDER=$(pwd | sed 's/\"/\"\"/g')",
            "\(create)".replacing(Self.options, with: "\"\(options.joined(separator: ","))\""),
        ]
        return (head + forward.map(\.visibleLine) + body).joined(separator: "\n") + "\n"
    }

    /// The placeholder of the options until the command is written out.
    private static let options = "OPTIONS"
}
