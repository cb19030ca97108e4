import MutualTLS

/// Explains why a builder does not answer, and gives the fix. Pure: it judges recorded observations.
struct ConnectionDiagnosis {
    let builder: String
    let target: DialTarget
    /// The folder with the client's files.
    let folder: String
    /// The cluster and the namespace of the installation.
    let kubectl: Kubectl

    /// - Parameters:
    ///   - probe: the result of our own TLS client; nil: it was not run.
    ///   - reasons: the reasons in gRPC's log.
    func failure(probe: ProbeResult?, reasons: [String]) -> InstallerError {
        let cause = Self.cause(probe, reasons)
        let evidence = [probe?.sentence].compactMap { $0 } + reasons.map { "buildx: \($0)" }
        return InstallerError(
            cause.map(sentence) ?? "\(builder) does not respond at \(target.endpoint)",
            detail: evidence.isEmpty ? nil : Redactor.of(evidence.joined(separator: "\n")),
            hint: cause.flatMap(hint) ?? again, code: cause?.code ?? "BuilderNotAnswering")
    }

    /// How long to retry. An unknown cause gets the full timeout.
    func patience(probe: ProbeResult?, reasons: [String]) -> RetryPolicy {
        Self.cause(probe, reasons)?.patience ?? .full
    }

    /// Our own probe is the most precise; but only buildx can report files that it cannot read, and where the proxy
    /// answers the probe or closes the connection, the reason of buildx is used.
    private static func cause(_ probe: ProbeResult?, _ reasons: [String]) -> ConnectionFailure? {
        let said = reasons.lazy.compactMap { ConnectionFailure(reason: $0) }.first
        guard let probe else { return said }
        let seen = ConnectionFailure(probe)
        guard let said else { return seen }
        if said.isAboutFiles { return said }
        return switch seen {
        // The files are valid, as the probe has just used them: buildx uses others, or none.
        case .notReady where said.isAboutCertificates: .filesUnused
        case .notReady, .builderUnreachable: said
        default: seen
        }
    }

    private var name: String { target.servername ?? target.endpoint.host }

    private func sentence(_ cause: ConnectionFailure) -> String {
        let place = "\(target.endpoint)"
        return switch cause {
        case .nameNotFound: "DNS on this machine cannot resolve \(target.endpoint.host)"
        case .refused: "Connection refused at \(place)"
        case .unreachable: "Cannot reach \(place): connection timed out or no route (firewall?)"
        case .notTLS:
            "The server at \(place) is not the builder's proxy: no TLS handshake"
        case .serverNotTrusted:
            "The server certificate at \(place) is not signed by the CA in \(folder)/ca.pem"
        case .serverNameMismatch: "The server certificate at \(place) is not valid for the name \(name)"
        case .serverExpired: "The server certificate at \(place) has expired"
        case .serverNotYetValid:
            "The server certificate at \(place) is not valid yet by this machine's clock"
        case .filesMissing: "buildx cannot find the client certificate files in \(folder)"
        case .filesUnusable: "The client certificate files in \(folder) are unusable"
        case .filesUnused: "buildx does not present the certificate in \(folder) to \(place)"
        case .clientNotAccepted: "The proxy at \(place) does not accept the client certificate in \(folder)"
        case .clientExpired:
            "The client certificate in \(folder) has expired, or is not valid yet by the proxy's clock"
        case .clientRevoked: "The client certificate in \(folder) has been revoked"
        case .clientPurpose: "The certificate in \(folder) is not a client certificate"
        case .builderUnreachable: "The proxy at \(place) responds, but cannot reach BuildKit"
        case .notReady: "The proxy at \(place) responds, but BuildKit is not ready"
        }
    }

    private func hint(_ cause: ConnectionFailure) -> String? {
        let (host, port) = (target.endpoint.host, target.endpoint.port)
        return switch cause {
        case .nameNotFound:
            "Use a resolvable address: --endpoint HOST:\(port), with --servername \(name)"
        case .refused, .unreachable:
            "Check the Service and its address: \(kubectl("get", "services"))"
        case .notTLS: "Check what listens there: openssl s_client -connect \(host):\(port)"
        case .serverNotTrusted:
            "Check the issuer: openssl s_client -connect \(host):\(port) -showcerts -CAfile "
                + "\("\(folder)/ca.pem".shellQuoted)"
        case .serverNameMismatch:
            "Reissue it with all names, including this one: buildkit-installer rotate --sans NAMES, or verify a "
                + "covered name with --servername"
        case .serverExpired, .clientExpired: "Renew it: buildkit-installer rotate"
        case .serverNotYetValid: "Check the clock: date"
        case .filesMissing, .filesUnusable: "List the files: ls -l \(folder.shellQuoted)"
        case .filesUnused: "Register it again: buildkit-installer install"
        case .clientNotAccepted:
            "Check the issuer: openssl verify -CAfile \("\(folder)/ca.pem".shellQuoted) "
                + "\("\(folder)/cert.pem".shellQuoted)"
        case .clientRevoked: "Ask the administrator holding the CA key for a new certificate"
        case .clientPurpose:
            "Check its purpose: openssl x509 -in \("\(folder)/cert.pem".shellQuoted) -noout -ext extendedKeyUsage"
        case .builderUnreachable, .notReady:
            "Check the pods: \(kubectl("get", "pods"))"
        }
    }

    private var again: String { "Retry: \(Buildx.inspect(builder))" }
}

/// The endpoint of a registered builder, and the name that its certificate must cover.
struct DialTarget: Equatable {
    var endpoint: Endpoint
    /// The server name that buildx expects; nil: the endpoint's host.
    var servername: String?

    init(_ endpoint: Endpoint, servername: String?) {
        self.endpoint = endpoint
        self.servername = servername == endpoint.host ? nil : servername
    }
}
