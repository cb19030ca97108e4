import MutualTLS

extension Script {
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
                let path = key.split(separator: ".").joined(separator: "\\.")
                let get = secret.kubectl("get", "secret", secret.name, "--output", "jsonpath={.data.\(path)}")
                return "(umask 077 && \(get) | base64 -d > \(file.shellQuoted))"
            }
    }

    /// No tool that everybody has signs certificates as they are needed here: this program does that part.
    static func prepare(_ order: RenewalOrder, _ folder: String) -> [String] {
        let what =
            switch order.change {
            case .leaves: "for the server and the clients, signed by the authority that is there"
            case .introduce: "of a new authority, which is trusted beside the one before"
            case .retire: "of the new authority alone"
            case .replace: "of a new authority, in place of the one before"
            case .inner: "for the hop from Envoy to BuildKit"
            }
        return ["# buildkit-installer puts new certificates \(what) into \("\(folder)/renewal".shellQuoted)"]
    }

    static func install(_ folder: String) -> [String] {
        [
            "rm -f \("\(folder)/renewal/renewal.json".shellQuoted)",
            "cp -R \("\(folder)/renewal/.".shellQuoted) \(folder.shellQuoted)",
            "rm -rf \("\(folder)/renewal".shellQuoted)",
        ]
    }
}
