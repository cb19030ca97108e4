import FoundationEssentials
import MutualTLS

// What lies between this machine and an answer of the proxy. Our own look at the endpoint ends at one of them.

extension DoctorCheck {
    static let dns = stage(.dns, "DNS", needs: ["files", "builder"]) { served, _ in
        "\(served.endpoint.host) has an address"
    }

    static let tcp = stage(.tcp, "TCP", needs: ["dns"]) { served, _ in
        "\(served.endpoint) takes connections"
    }

    static let server = stage(.server, "the server's certificate", needs: ["tcp"]) { served, symptoms in
        let name = served.result.endpoint?.serverName ?? served.endpoint.host
        let end = served.certificate.map { ", until \($0.notAfter.day)" } ?? ""
        return "it is valid for \(name)\(end)"
    }

    static let client = stage(.client, "the client's certificate", needs: ["server"]) { _, _ in
        "the proxy accepts it"
    }

    static let http2 = stage(.http2, "HTTP/2", needs: ["client"]) { served, _ in
        served.result.sentence.withoutFullStop
    }

    private static func stage(
        _ stage: Stage, _ title: String, needs: [String],
        evidence: @escaping @Sendable (ServedEndpointState, DoctorFacts) -> String
    ) -> DoctorCheck {
        DoctorCheck(stage.rawValue, title, needs: needs) { symptoms in
            guard let served = symptoms.facts.served.value else {
                return .skipped(symptoms.facts.served.failure?.message ?? "it was not looked at")
            }
            if stage == .tcp, served.wasForwarded { return .broken(symptoms.nobodyForwards(served)) }
            guard Stage(endOf: served.result) == stage else { return .holds(evidence(served, symptoms)) }
            return .broken(symptoms.failure(of: stage, served))
        }
    }

    /// What a look goes through, in this order.
    fileprivate enum Stage: String {
        case dns, tcp, server, client, http2

        /// Where a look ended; nil where it went through, or did not even begin.
        init?(endOf result: ProbeResult) {
            switch result {
            case .nameNotFound: self = .dns
            case .refused, .unreachable, .timedOut(.connecting, _, _), .closed(.connecting, _): self = .tcp
            case .notTLS, .handshakeFailed, .serverNotTrusted, .serverNameMismatch, .serverExpired,
                .serverNotYetValid, .closed(.handshake, _), .timedOut(.handshake, _, _):
                self = .server
            case .clientCertificateRequired, .clientCertificateRefused: self = .client
            case .notHTTP2, .closed(.answer, _), .timedOut(.answer, _, _): self = .http2
            case .answered, .filesUnusable: return nil
            }
        }
    }
}

extension DoctorFacts {
    fileprivate func nobodyForwards(_ served: ServedEndpointState) -> InstallerError {
        InstallerError(
            "Nothing listens at \(served.endpoint): nobody forwards the port",
            detail: "With the port forwarded for this look: \(served.result.sentence)",
            hint: "Forward it: "
                + "\(kubectl("port-forward", "service/\(answers.fullname)", "\(served.endpoint.port):\(answers.port)"))"
        )
    }

    fileprivate func failure(of stage: DoctorCheck.Stage, _ served: ServedEndpointState) -> InstallerError {
        switch served.result {
        case .closed, .timedOut(.handshake, _, _), .timedOut(.answer, _, _):
            // While Envoy waits for its certificates it takes connections, and closes them.
            return InstallerError(
                served.result.sentence.withoutFullStop, detail: served.result.hint,
                hint: "See its log: \(kubectl("logs", "deployment/\(answers.fullname)-proxy"))")
        case .clientCertificateRefused(_, .expired):
            // Our own look at the files has found their dates good.
            return InstallerError(
                "The proxy's clock and this machine's do not agree: the client's certificate is valid by one of them only",
                detail: "\(served.result.sentence)\nHere it is \(now.formatted(.iso8601)).",
                hint: "Check the clock: date -u")
        case .notHTTP2:
            let failure = failure(served)
            return InstallerError(
                served.result.sentence.withoutFullStop, detail: failure.detail, hint: failure.hint)
        case .serverNotYetValid:
            let failure = failure(served)
            return InstallerError(
                failure.message, detail: "\(served.result.sentence)\nHere it is \(now.formatted(.iso8601)).",
                hint: failure.hint)
        default: return failure(served)
        }
    }
}
