import MutualTLS

/// Says why a builder does not answer, and what to do about it. Pure: it judges what others have seen.
struct ConnectionDiagnosis {
    let builder: String
    let target: DialTarget
    /// The folder with the client's files.
    let folder: String
    /// The cluster and the namespace that it should run in.
    let kubectl: Kubectl

    /// - Parameters:
    ///   - probe: what our own TLS client saw; nil: it did not look.
    ///   - reasons: what gRPC's log gave as reasons.
    func failure(probe: ProbeResult?, reasons: [String]) -> InstallerError {
        let cause = Self.cause(probe, reasons)
        let evidence = [probe?.sentence].compactMap { $0 } + reasons.map { "buildx: \($0)" }
        return InstallerError(
            cause.map(sentence) ?? "\(builder) does not answer at \(target.endpoint)",
            detail: evidence.isEmpty ? nil : Redactor.of(evidence.joined(separator: "\n")),
            hint: cause.flatMap(hint) ?? again, code: cause?.code ?? "BuilderNotAnswering")
    }

    /// Whether it may yet answer. What nobody could name is given its time.
    func patience(probe: ProbeResult?, reasons: [String]) -> RetryPolicy {
        Self.cause(probe, reasons)?.patience ?? .full
    }

    /// Our own look says most; but what buildx cannot read, only buildx can say, and where the proxy answers us or
    /// hangs up, the word is buildx's.
    private static func cause(_ probe: ProbeResult?, _ reasons: [String]) -> ConnectionFailure? {
        let said = reasons.lazy.compactMap { ConnectionFailure(reason: $0) }.first
        guard let probe else { return said }
        let seen = ConnectionFailure(probe)
        guard let said else { return seen }
        if said.isAboutFiles { return said }
        return switch seen {
        // The files are good, we have just used them: so buildx uses others, or none.
        case .notReady where said.isAboutCertificates: .filesUnused
        case .notReady, .builderUnreachable: said
        default: seen
        }
    }

    private var name: String { target.servername ?? target.endpoint.host }

    private func sentence(_ cause: ConnectionFailure) -> String {
        let place = "\(target.endpoint)"
        return switch cause {
        case .nameNotFound: "The name \(target.endpoint.host) is not known to this machine's DNS"
        case .refused: "Nothing listens at \(place)"
        case .unreachable: "No answer comes from \(place): something on the way swallows it"
        case .notTLS:
            "What answers at \(place) is not the builder's proxy: it does not speak TLS as that does"
        case .serverNotTrusted:
            "The certificate at \(place) is not signed by the authority in \(folder)/ca.pem"
        case .serverNameMismatch: "The certificate at \(place) is not valid for the name \(name)"
        case .serverExpired: "The server's certificate at \(place) has expired"
        case .serverNotYetValid:
            "The server's certificate at \(place) is not valid yet, by this machine's clock"
        case .filesMissing: "buildx does not find the client's certificate files in \(folder)"
        case .filesUnusable: "The client's certificate files in \(folder) cannot be used"
        case .filesUnused: "buildx does not show \(place) the certificate in \(folder)"
        case .clientNotAccepted: "The proxy at \(place) does not accept the client certificate in \(folder)"
        case .clientExpired:
            "The client certificate in \(folder) has expired, or is not valid yet by the proxy's clock"
        case .clientRevoked: "The client certificate in \(folder) has been revoked"
        case .clientPurpose: "The certificate in \(folder) is not one for clients"
        case .builderUnreachable: "The proxy at \(place) answers, but does not reach BuildKit behind it"
        case .notReady: "The proxy at \(place) answers, but BuildKit is not ready"
        }
    }

    private func hint(_ cause: ConnectionFailure) -> String? {
        let (host, port) = (target.endpoint.host, target.endpoint.port)
        return switch cause {
        case .nameNotFound:
            "Dial an address that is known: --endpoint HOST:\(port), with --servername \(name)"
        case .refused, .unreachable:
            "Check the Service and its address: \(kubectl("get", "services"))"
        case .notTLS: "See what is there: openssl s_client -connect \(host):\(port)"
        case .serverNotTrusted:
            "See who signed it: openssl s_client -connect \(host):\(port) -showcerts -CAfile \("\(folder)/ca.pem".shellQuoted)"
        case .serverNameMismatch: "Add the name with --sans, or name one that is covered with --servername"
        case .serverExpired, .clientExpired: "Renew it: buildkit-installer rotate"
        case .serverNotYetValid: "Check the clock: date"
        case .filesMissing, .filesUnusable: "See what is there: ls -l \(folder.shellQuoted)"
        case .filesUnused: "Register it again: buildkit-installer install"
        case .clientNotAccepted:
            "Check who signed it: openssl verify -CAfile \("\(folder)/ca.pem".shellQuoted) \("\(folder)/cert.pem".shellQuoted)"
        case .clientRevoked: "Ask for a new one from whoever keeps the authority"
        case .clientPurpose:
            "See what it is for: openssl x509 -in \("\(folder)/cert.pem".shellQuoted) -noout -ext extendedKeyUsage"
        case .builderUnreachable, .notReady:
            "See how BuildKit fares: \(kubectl("get", "pods"))"
        }
    }

    private var again: String { "Ask again: \(Buildx.inspect(builder))" }
}

/// Where a registered builder answers, and the name that its certificate must bear there.
struct DialTarget: Equatable {
    var endpoint: Endpoint
    /// What buildx is told to expect; nil: the endpoint's host.
    var servername: String?

    init(_ endpoint: Endpoint, servername: String?) {
        self.endpoint = endpoint
        self.servername = servername == endpoint.host ? nil : servername
    }
}
