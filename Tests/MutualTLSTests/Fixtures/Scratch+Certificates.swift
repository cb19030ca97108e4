import Foundation

extension Scratch {
    /// A CA as other tools create it: `<name>.pem` and `<name>-key.pem`.
    func makeAuthority(_ name: String, extensions: [String] = ["basicConstraints=critical,CA:TRUE"]) throws {
        try openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=\(name)",
            "-keyout \(name)-key.pem -out \(name).pem",
            // Without -config these would be added to the distribution's own.
            "-config /dev/null", extensions.map { "-addext \($0)" }.joined(separator: " "))
    }

    /// An intermediate CA signed by such a CA.
    func makeIntermediate(_ name: String, by authority: String) throws {
        try write("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n", to: "\(name).ext")
        try openssl(
            "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=\(name) -keyout \(name)-key.pem",
            "-out \(name).csr -config /dev/null")
        try openssl(
            "x509 -req -in \(name).csr -CA \(authority).pem -CAkey \(authority)-key.pem -CAcreateserial",
            "-extfile \(name).ext -days 99 -out \(name).pem")
    }

    /// A leaf signed by such a CA. `key` is the argument of openssl's `-newkey`.
    func makeLeaf(
        _ name: String, by authority: String, usage: String?, names: String = "DNS:builder.example.com",
        key: String = "ec -pkeyopt ec_paramgen_curve:P-256", dates: String = "-days 365"
    ) throws {
        try openssl(
            "req -newkey \(key) -nodes -subj /CN=\(name) -keyout \(name)-key.pem -out \(name).csr -config /dev/null"
        )
        var extensions = "basicConstraints=critical,CA:FALSE\nsubjectAltName=\(names)\n"
        if let usage { extensions += "extendedKeyUsage=\(usage)\n" }
        try write(extensions, to: "\(name).ext")
        try openssl(
            "x509 -req -in \(name).csr -CA \(authority).pem -CAkey \(authority)-key.pem -CAcreateserial",
            "-extfile \(name).ext -out \(name).pem", dates)
    }

    /// Arranges files in the form of a user-supplied folder.
    func makeFolder(
        server: String, client: String, serverAuthority: String = "ca", clientAuthority: String = "ca"
    ) throws {
        for (side, pair, authority) in [
            ("daemon", server, serverAuthority), ("client", client, clientAuthority),
        ] {
            try write(text(of: "\(authority).pem"), to: "certs/\(side)/ca.pem")
            try write(text(of: "\(pair).pem"), to: "certs/\(side)/cert.pem")
            try write(text(of: "\(pair)-key.pem"), to: "certs/\(side)/key.pem")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: self["certs/\(side)/key.pem"])
        }
    }
}
