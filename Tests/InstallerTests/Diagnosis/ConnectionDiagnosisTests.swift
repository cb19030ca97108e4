import FoundationEssentials
@testable import Installer
@testable import MutualTLS
import Testing

struct DiagnosisTests {
    private let diagnosis = ConnectionDiagnosis(
        builder: "team", target: DialTarget(Endpoint(host: "localhost", port: 1234), servername: nil),
        folder: "/c/client",
        kubectl: Plan.installation.kubectl)

    /// gRPC's message in each case, as recorded with buildx 0.13, 0.29 and later, and the derived message.
    private static let table: [(reason: String, message: String)] = [
        (
            "transport: Error while dialing: dial tcp 127.0.0.1:1234: connect: connection refused",
            "Connection refused at tcp://localhost:1234"
        ),
        (
            "transport: Error while dialing: dial tcp: lookup localhost on 10.0.0.53:53: no such host",
            "DNS on this machine cannot resolve localhost"
        ),
        (
            "transport: Error while dialing: dial tcp 10.9.9.9:1234: i/o timeout",
            "Cannot reach tcp://localhost:1234: connection timed out or no route (firewall?)"
        ),
        (
            "transport: failed to write client preface: tls: failed to verify certificate: x509: certificate signed by "
                + "unknown authority",
            "The server certificate at tcp://localhost:1234 is not signed by the CA in /c/client/ca.pem"
        ),
        (
            "transport: failed to write client preface: tls: failed to verify certificate: x509: certificate is valid for "
                + "other.example, not localhost",
            "The server certificate at tcp://localhost:1234 is not valid for the name localhost"
        ),
        (
            "transport: failed to write client preface: tls: failed to verify certificate: x509: certificate has expired or "
                + "is not yet valid: current time 2026-11-22T16:17:20Z is after 2020-02-01T00:00:00Z",
            "The server certificate at tcp://localhost:1234 has expired"
        ),
        (
            "transport: failed to write client preface: tls: failed to verify certificate: x509: certificate has expired or "
                + "is not yet valid: current time 2026-11-22T16:17:20Z is before 2030-02-01T00:00:00Z",
            "The server certificate at tcp://localhost:1234 is not valid yet by this machine's clock"
        ),
        (
            "error reading server preface: remote error: tls: certificate required",
            "The proxy at tcp://localhost:1234 does not accept the client certificate in /c/client"
        ),
        (
            "transport: failed to write client preface: write tcp 127.0.0.1:5->127.0.0.1:1234: write: broken pipe",
            "The proxy at tcp://localhost:1234 responds, but cannot reach BuildKit"
        ),
        (
            "error reading server preface: remote error: tls: expired certificate",
            "The client certificate in /c/client has expired, or is not valid yet by the proxy's clock"
        ),
        (
            "error reading server preface: remote error: tls: revoked certificate",
            "The client certificate in /c/client has been revoked"
        ),
        (
            "error reading server preface: remote error: tls: unsupported certificate",
            "The certificate in /c/client is not a client certificate"
        ),
        (
            "error reading server preface: unexpected EOF",
            "buildx does not present the certificate in /c/client to tcp://localhost:1234"
        ),
        (
            "transport: failed to write client preface: tls: first record does not look like a TLS handshake",
            "The server at tcp://localhost:1234 is not the builder's proxy: no TLS handshake"
        ),
        (
            "transport: failed to write client preface: EOF",
            "The proxy at tcp://localhost:1234 responds, but cannot reach BuildKit"
        ),
        (
            "error reading server preface: EOF",
            "The proxy at tcp://localhost:1234 responds, but cannot reach BuildKit"
        ),
        (
            "transport: Error while dialing: error loading tls config: could not read ca certificate: open "
                + "/c/client/ca.pem: no such file or directory",
            "buildx cannot find the client certificate files in /c/client"
        ),
        (
            "transport: Error while dialing: error loading tls config: could not read certificate/key: tls: private key "
                + "does not match public key",
            "The client certificate files in /c/client are unusable"
        ),
        (
            "transport: Error while dialing: error loading tls config: failed to append ca certs",
            "The client certificate files in /c/client are unusable"
        ),
    ]

    @Test(arguments: table)
    func aReasonOfGRPCBecomesASentenceAndACommand(reason: String, message: String) {
        let failure = diagnosis.failure(probe: nil, reasons: [reason])
        #expect(failure.message == message)
        #expect(failure.detail == "buildx: \(reason)")
        #expect(failure.hint != nil)
    }

    private static let endpoint = ServedEndpoint(
        host: "localhost", port: 1234, serverName: "localhost", chain: [], tlsVersion: "TLSv1.3", alpn: "h2")

    private static let looks: [(probe: ProbeResult, cause: ConnectionFailure)] = [
        (.answered(endpoint), .notReady),
        (.nameNotFound(host: "localhost"), .nameNotFound),
        (.refused(host: "localhost", port: 1234), .refused),
        (.unreachable(host: "localhost", port: 1234, reason: "No route to host"), .unreachable),
        (.timedOut(.connecting, host: "localhost", port: 1234), .unreachable),
        (.timedOut(.handshake, host: "localhost", port: 1234), .unreachable),
        (.timedOut(.answer, host: "localhost", port: 1234), .builderUnreachable),
        (.notTLS(host: "localhost", port: 1234), .notTLS),
        (.serverNotTrusted(endpoint, reason: "unknown"), .serverNotTrusted),
        (.serverNameMismatch(endpoint), .serverNameMismatch),
        (.serverExpired(endpoint, ended: TestClock.start), .serverExpired),
        (.serverNotYetValid(endpoint, begins: TestClock.start), .serverNotYetValid),
        (.clientCertificateRequired(endpoint), .clientNotAccepted),
        (.clientCertificateRefused(endpoint, reason: .unknownAuthority), .clientNotAccepted),
        (.clientCertificateRefused(endpoint, reason: .expired), .clientExpired),
        (.clientCertificateRefused(endpoint, reason: .revoked), .clientRevoked),
        (.clientCertificateRefused(endpoint, reason: .unsupportedPurpose), .clientPurpose),
        (.notHTTP2(endpoint), .notTLS),
        (.closed(.answer, endpoint), .builderUnreachable),
    ]

    @Test(arguments: looks)
    func whatOurOwnLookShowedHasACauseAndIsQuotedAsEvidence(probe: ProbeResult, cause: ConnectionFailure) {
        #expect(ConnectionFailure(probe) == cause)
        #expect(diagnosis.failure(probe: probe, reasons: []).detail == probe.sentence)
    }

    @Test func whatOnlyBuildxCanTellWinsOverOurOwnLook() {
        let reason = "could not read ca certificate: open /c/client/ca.pem: no such file or directory"
        let failure = diagnosis.failure(probe: .answered(Self.endpoint), reasons: [reason])
        #expect(failure.message == "buildx cannot find the client certificate files in /c/client")
    }

    @Test func ourOwnLookWinsOverAReasonThatSaysLess() {
        let failure = diagnosis.failure(
            probe: .clientCertificateRefused(Self.endpoint, reason: .expired),
            reasons: ["error reading server preface: EOF"])
        #expect(
            failure.message
                == "The client certificate in /c/client has expired, or is not valid yet by the proxy's clock"
        )
    }

    @Test func withoutAnyEvidenceTheHintIsToAskAgain() {
        let failure = diagnosis.failure(probe: nil, reasons: [])
        #expect(failure.message == "team does not respond at tcp://localhost:1234")
        #expect(failure.hint == "Retry: GRPC_GO_LOG_SEVERITY_LEVEL=warning docker buildx inspect team")
    }

    @Test func reasonsAreReadFromGRPCsLogOnceEach() {
        let line = """
            2026/11/22 16:17:20 WARNING: [core] [Channel #1 SubChannel #2] grpc: addrConn.createTransport failed to connect \
            to {Addr: "localhost"}. Err: connection error: desc = "transport: \\"a\\" b"
            """
        #expect(GRPCLog("noise\n\(line)\n\(line)\n").reasons == [#"transport: "a" b"#])
    }
}
