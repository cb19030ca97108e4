import FoundationEssentials
import MutualTLS

// The stages between this machine and an answer of the proxy. A failed probe of the endpoint ends at one of them.

extension DoctorCheck {
    static let dns = stage(.dns, "DNS", needs: ["files", "builder"]) { served, _ in
        "\(served.endpoint.host) resolves"
    }

    static let tcp = stage(.tcp, "TCP", needs: ["dns"]) { served, _ in
        "\(served.endpoint) accepts connections"
    }

    static let server = stage(.server, "server certificate", needs: ["tcp"]) { served, symptoms in
        let name = served.result.endpoint?.serverName ?? served.endpoint.host
        let end = served.certificate.map { ", expires on \($0.notAfter.day)" } ?? ""
        return "valid for \(name)\(end)"
    }

    static let client = stage(.client, "client certificate", needs: ["server"]) { _, _ in
        "accepted by the proxy"
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
                return .skipped(symptoms.facts.served.failure?.message ?? "not checked")
            }
            if stage == .tcp, served.wasForwarded { return .broken(symptoms.nobodyForwards(served)) }
            guard Stage(endOf: served.result) == stage else { return .holds(evidence(served, symptoms)) }
            return .broken(symptoms.failure(of: stage, served))
        }
    }

    /// The stages of a probe, in this order.
    fileprivate enum Stage: String {
        case dns, tcp, server, client, http2

        /// The stage where a probe failed; nil where it succeeded or could not start.
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
            "Connection refused at \(served.endpoint): no port-forward is running",
            detail: "Through a temporary port-forward: \(served.result.sentence)",
            hint:
                "Start it: \(kubectl("port-forward", "service/\(service)", "\(served.endpoint.port):\(answers.port)"))"
        )
    }

    private var service: String {
        facts.objects.value?.clientService(of: installation, or: answers.fullname)?.name ?? answers.fullname
    }

    private var proxyLog: Command {
        let deployment = facts.objects.value?.deployment(of: installation, "proxy")?.name
        return kubectl(
            "logs", "deployment/\(deployment ?? answers.proxyDeployment)", "--container",
            KubernetesLabels.container(of: "proxy"))
    }

    fileprivate func failure(of stage: DoctorCheck.Stage, _ served: ServedEndpointState) -> InstallerError {
        switch served.result {
        case .closed, .timedOut(.handshake, _, _), .timedOut(.answer, _, _):
            // While Envoy waits for its certificates, it accepts connections and closes them.
            return InstallerError(
                served.result.sentence.withoutFullStop, detail: served.result.hint,
                hint: "Check its log: \(proxyLog)")
        case .clientCertificateRefused(_, .expired):
            // Our own check of the files has found them valid now.
            return InstallerError(
                "The clocks of the proxy and this machine differ: only one of them considers the client certificate valid",
                detail: "\(served.result.sentence)\nThe time on this machine is \(now.formatted(.iso8601)).",
                hint: "Check the clock: date -u")
        case .notHTTP2:
            let failure = failure(served)
            return InstallerError(
                served.result.sentence.withoutFullStop, detail: failure.detail, hint: failure.hint)
        case .serverNotYetValid:
            let failure = failure(served)
            return InstallerError(
                failure.message,
                detail: "\(served.result.sentence)\nThe time on this machine is \(now.formatted(.iso8601)).",
                hint: failure.hint)
        default: return failure(served)
        }
    }
}
