@testable import Installer
@testable import MutualTLS
import Testing

struct PatienceTests {
    private let diagnosis = ConnectionDiagnosis(
        builder: "team", target: DialTarget(Endpoint(host: "localhost", port: 1234), servername: nil),
        folder: "/c/client", kubectl: Plan.installation.kubectl)
    private static let endpoint = ServedEndpoint(
        host: "localhost", port: 1234, serverName: "localhost", chain: [], tlsVersion: "TLSv1.3", alpn: "h2")

    private static let cases: [(ProbeResult, String, RetryPolicy)] = [
        (.refused(host: "localhost", port: 1234), "connect: connection refused", .full),
        (.answered(endpoint), "", .full),
        // A load balancer without pods closes the connection; buildx's message would also fit a rejected certificate.
        (.closed(.handshake, endpoint), "read: connection reset by peer", .full),
        (.serverNotTrusted(endpoint, reason: ""), "", .untilCertificatesArrive),
        (.clientCertificateRequired(endpoint), "error reading server preface: EOF", .untilCertificatesArrive),
        // Our own probe succeeded with the files: buildx uses others, or the proxy has only just received the new
        // ones.
        (
            .answered(endpoint), "error reading server preface: remote error: tls: certificate required",
            .untilCertificatesArrive
        ),
        (.notTLS(host: "localhost", port: 1234), "", .none),
        (.answered(endpoint), "private key does not match public key", .none),
    ]

    @Test(arguments: cases)
    func onlyWhatIsCertainEndsTheWait(probe: ProbeResult, reason: String, patience: RetryPolicy) {
        #expect(diagnosis.patience(probe: probe, reasons: [reason]) == patience)
    }

    @Test func certificatesArriveOnlyWhereTheyWereChanged() {
        #expect(RetryPolicy.untilCertificatesArrive.limit(in: plan(replaces: true), timeout: 600) == 150)
        #expect(RetryPolicy.untilCertificatesArrive.limit(in: plan(replaces: true), timeout: 60) == 60)
        #expect(RetryPolicy.untilCertificatesArrive.limit(in: plan(replaces: false), timeout: 600) == 0)
    }

    private func plan(replaces: Bool) -> Plan {
        let name = SecretName(context: "", namespace: "team", name: "certs")
        let recipe = SecretSpec(secret: name, labels: [:], files: [:], replaces: replaces)
        return .test([Step(id: "secret", title: "Replace", action: .applySecret(recipe: recipe))])
    }
}
