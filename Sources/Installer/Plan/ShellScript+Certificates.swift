import MutualTLS

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

    /// Prints the content of a key of a Secret.
    private static func read(_ key: String, of secret: SecretName) -> String {
        let path = key.split(separator: ".").joined(separator: "\\.")
        let get = secret.kubectl("get", "secret", secret.name, "--output", "jsonpath={.data.\(path)}")
        return "\(get) | base64 -d"
    }

    /// The key with the certificates that each machine has issued: empty until the next change of a client.
    static func register(of recipe: SecretSpec) -> [String] {
        guard recipe.revocations != nil else { return [] }
        let register = CertificateLayout.clientRegister + #"={"issued":[],"revoked":[]}"#
        return ["--from-literal=\(register.shellQuoted)"]
    }

    /// Makes the proxies reload.
    static func nudge(_ installation: InstallationID) -> [String] {
        let annotate = installation.kubectl(
            "annotate", "pods", "--selector", KubernetesLabels.pods(of: installation, "proxy"),
            "\(KubernetesLabels.certificatesChangedAnnotation)=NOW", "--overwrite")
        return ["\(annotate)".replacing("=NOW", with: "=\"$(date +%s)\"")]
    }
}

extension SecretSpec {
    /// The lists are those of the folder: a Secret that is created has none yet.
    var filesByHand: [String: String] {
        guard let revocations else { return files }
        return files.merging(["crl.pem": CertificateFolder(path: revocations).path(of: .revocations)]) { $1 }
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
