import ChartSupport
import FoundationEssentials
import LabSupport
import MutualTLS

// The certificates of a test's own proxy differ from those in the Secret, which is reported as well.

extension Fault {
    static let way: [Fault] = [
        Fault("an unknown name", broken: ["dns"], says: "nowhere.invalid") { patient in
            try patient.dial("nowhere.invalid:1234")
        },
        Fault("a port on which nobody listens", broken: ["tcp"], says: "Connection refused at") { patient in
            try patient.dial("127.0.0.1:\(freePort())")
        },
        Fault("a server without TLS", broken: ["server"], says: "does not speak TLS") { patient, look in
            let port = try freePort()
            try patient.dial("127.0.0.1:\(port)")
            let hurt = patient
            try await BuildKit.whileServing(port: port) { _ in try await look(hurt) }
        },
        Fault(
            "a server of another authority", broken: ["server"], doubtful: ["files"],
            says: "is not signed by the CA"
        ) { patient in
            let other = try await CertificateAuthority.make(commonName: "other", days: 10, now: Date())
            try patient.write(other.certificate, to: "ca.pem")
        },
        Fault("another name", broken: ["server"], says: "is not valid for the name other.test") { patient in
            try patient.changeBuilder { $0.replacing(Installation.name, with: "other.test") }
        },
        Fault("a server that has expired", broken: ["server"], doubtful: ["secrets"], says: "has expired") {
            patient, look in
            try await patient.whileProxyServes(patient.server(in: -7), look)
        },
        Fault("a server of tomorrow", broken: ["server"], doubtful: ["secrets"], says: "is not valid yet") {
            patient, look in
            try await patient.whileProxyServes(patient.server(in: 1), look)
        },
        Fault(
            "a client of another authority", broken: ["client"], doubtful: ["files"], says: "does not accept"
        ) { patient in
            let other = try await CertificateAuthority.make(commonName: "other", days: 10, now: Date())
            try patient.write(await other.issue(.client(name: "alice"), days: 1, now: Date()))
        },
        Fault("a client that was revoked", broken: ["client"], says: "has been revoked") { patient, look in
            let client = try await patient.identity(days: 90)
            try patient.write(client)
            var revocations = CertificateRevocationList()
            revocations.revoke(serial: client.summary.serial, at: Date())
            let list = try revocations.signed(by: patient.authority, now: Date())
            try await patient.whileProxyServes(["crl.pem": list], look)
        },
        Fault("a server without HTTP/2", broken: ["http2"], doubtful: ["secrets"], says: "HTTP/2") {
            patient, look in
            try await patient.whileWebServes(look)
        },
    ]

    static let behind: [Fault] = [
        Fault("no BuildKit behind the proxy", broken: ["buildkit"], says: "BuildKit is not ready") {
            patient, look in
            try await patient.whileProxyServes([:], look)
        },
        Fault("a build that cannot begin", broken: ["build"], says: "the test build fails") {
            patient in
            patient.installer.environment["EXPERIMENTAL_BUILDKIT_SOURCE_POLICY"] = "/nowhere"
        },
        Fault(
            "a platform that BuildKit has not", broken: ["platforms"], says: "does not support linux/s390x"
        ) { patient in
            try patient.changeBuilder {
                $0.replacing(
                    #""Platforms":null"#, with: #""Platforms":[{"architecture":"s390x","os":"linux"}]"#)
            }
        },
    ]
}

extension Patient {
    /// The files with which a proxy serves another certificate of the same CA, issued some days from now.
    fileprivate func server(in days: Double) async throws -> [String: String] {
        let server = try await identity(.server(names: [SubjectName(Installation.name)]), in: days)
        return ["server.pem": server.certificate, "server-key.pem": server.key.revealed]
    }

    /// Dials a separate proxy without a BuildKit, with some files replaced.
    fileprivate func whileProxyServes(
        _ files: [String: String], _ look: @Sendable (Patient) async throws -> Void
    ) async throws {
        let proxy = try await installation.pods.proxy(
            ports: .free(), builder: freePort(), in: "\(folder)/proxy")
        var content: [String: Data] = [:]
        for name in ["ca.pem", "crl.pem", "server.pem", "server-key.pem"] {
            content[name] = try Data(contentsOf: URL(filePath: "\(proxy.outer.path)/\(name)"))
        }
        try proxy.outer.replace(with: content.merging(files.mapValues { Data($0.utf8) }) { $1 })
        try dial("127.0.0.1:\(proxy.ports.buildkit)")
        try await Envoy.whileRunning(configuration: proxy.configuration) { _ in try await look(self) }
    }

    /// Dials a server that requires the same certificates, and uses HTTP/1.1.
    fileprivate func whileWebServes(_ look: @Sendable (Patient) async throws -> Void) async throws {
        let port = try freePort()
        let web = "\(folder)/web"
        try FileManager.default.createDirectory(atPath: web, withIntermediateDirectories: true)
        for (name, text) in try await server(in: 0) {
            try Data(text.utf8).write(to: URL(filePath: "\(web)/\(name)"))
        }
        try dial("127.0.0.1:\(port)")
        let script = """
            import http.server, ssl
            server = http.server.ThreadingHTTPServer(("127.0.0.1", \(port)), http.server.SimpleHTTPRequestHandler)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain("\(web)/server.pem", "\(web)/server-key.pem")
            context.load_verify_locations("\(client)/ca.pem")
            context.verify_mode = ssl.CERT_REQUIRED
            server.socket = context.wrap_socket(server.socket, server_side=True)
            print("ready", flush=True)
            server.serve_forever()
            """
        try await Program("python3").whileRunning(["-c", script], ready: "ready") { _ in try await look(self)
        }
    }
}
