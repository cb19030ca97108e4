import ChartSupport
import FoundationEssentials
import LabSupport
import Testing

/// The proxy is ready when it can serve a build, and otherwise reports the faulty file and its Secret.
///
/// Envoy's own `/ready` reports LIVE in each of these cases.
///
/// Sequential, because each Envoy uses several of the 128 inotify instances that Linux allows per user.
@Suite(.serialized) struct ReadinessTests {
    struct Fault: CustomTestStringConvertible, Sendable {
        enum Secret: Sendable { case outer, inner }
        let secret: Secret
        let file: String
        /// A file of the test certificates; nil for content that is not PEM.
        let content: String?
        let words: String

        var testDescription: String { "\(file): \(words)" }
    }

    static let faults: [Fault] = [
        Fault(
            secret: .outer, file: "server.pem", content: nil, words: "Secret OUTER: server.pem is not PEM."),
        Fault(
            secret: .outer, file: "server-key.pem", content: nil,
            words: "Secret OUTER: server-key.pem is not PEM."),
        Fault(secret: .outer, file: "ca.pem", content: nil, words: "Secret OUTER: ca.pem is not PEM."),
        Fault(
            secret: .outer, file: "server-key.pem", content: "other.key",
            words: "Secret OUTER: Envoy cannot use server.pem server-key.pem ca.pem."),
        Fault(
            secret: .inner, file: "client.crt", content: nil, words: "Secret INNER: client.crt is not PEM."),
        Fault(secret: .inner, file: "ca.crt", content: nil, words: "Secret INNER: ca.crt is not PEM."),
        Fault(
            secret: .inner, file: "client.key", content: "other.key",
            words: "Secret INNER: Envoy cannot use client.crt client.key ca.crt."),
    ]

    @Test(arguments: faults)
    func aFaultIsNamedAndItsMendingNoticed(fault: Fault) async throws {
        let certificates = try await TestCertificates.shared
        let good = try fault.secret == .outer ? certificates.outer : certificates.inner
        var bad = good
        bad[fault.file] = try fault.content.map(certificates.data) ?? Data("nothing\n".utf8)
        let broken = bad
        try await ProxyFixture.whileRunning(change: { proxy, _ in
            try proxy.volume(fault.secret).replace(with: broken)
        }) { fixture in
            #expect(try await fixture.proxy.get("/ready").hasPrefix("LIVE"))
            let outcome = try await fixture.proxy.ready()
            #expect(outcome.status == 1)
            #expect(outcome.output.hasPrefix(fault.words), "\(outcome)")
            if fault.secret == .outer {
                #expect(try await fixture.call(as: "alice").contains("curl:"))
            }
            try fixture.proxy.volume(fault.secret).replace(with: good)
            try await eventually("the proxy is ready") { try await fixture.proxy.ready().succeeded }
            #expect(try await fixture.call(as: "alice").contains("served-by: builder"))
        }
    }

    @Test func aRevocationListThatIsNoneIsNamed() async throws {
        try await ProxyFixture.whileRunning(
            ["proxy.certificates.revocations": "true"],
            change: { proxy, certificates in
                try proxy.outer.replace(
                    with: certificates.outer.merging(["crl.pem": Data("nothing\n".utf8)]) { $1 })
            }
        ) { fixture in
            let outcome = try await fixture.proxy.ready()
            #expect(outcome.status == 1)
            #expect(outcome.output == "Secret OUTER: crl.pem is not a revocation list.\n")
            for client in ["alice", "bob"] {
                #expect(try await fixture.refusal(of: client).contains("alert"), "\(client)")
            }
        }
    }

    @Test func anExpiredCertificateIsNamedWithItsDay() async throws {
        try await ProxyFixture.whileRunning(change: { proxy, certificates in
            var outer = try certificates.outer
            outer["server.pem"] = try certificates.data("expired.pem")
            outer["server-key.pem"] = try certificates.data("expired.key")
            try proxy.outer.replace(with: outer)
        }) { fixture in
            let outcome = try await fixture.proxy.ready()
            #expect(outcome.status == 1)
            #expect(outcome.output == "Secret OUTER: server.pem expired on 2020-01-02.\n")
        }
    }

    @Test func aBuilderWithoutAnAddressIsWaitedFor() async throws {
        try await ProxyFixture.whileRunning(builder: .nameless) { fixture in
            // Envoy itself takes some time to start.
            try await eventually("the proxy says what it waits for") {
                let outcome = try await fixture.proxy.ready()
                return outcome.status == 1
                    && outcome.output == "The builder's DNS name does not resolve yet.\n"
            }
        }
    }

    @Test func aBadRotationLeavesTheOldPairInService() async throws {
        try await ProxyFixture.whileRunning { fixture in
            try await eventually("the proxy is ready") { try await fixture.proxy.ready().succeeded }
            var outer = try fixture.certificates.outer
            outer["server-key.pem"] = try fixture.certificates.data("other.key")
            try fixture.proxy.outer.replace(with: outer)
            try await eventually("Envoy has refused it") {
                try await fixture.proxy.figure(
                    "envoy_sds_key_rotation_failed{envoy_xds_resource_name=\"server\"}")
                    == 1
            }
            #expect(try await fixture.proxy.ready().succeeded)
            #expect(try await fixture.call(as: "alice").contains("served-by: builder"))
        }
    }

    @Test func aNewPairIsTakenUpWithoutARestart() async throws {
        try await ProxyFixture.whileRunning { fixture in
            var outer = try fixture.certificates.outer
            outer["server.pem"] = try fixture.certificates.data("other.pem")
            outer["server-key.pem"] = try fixture.certificates.data("other.key")
            try fixture.proxy.outer.replace(with: outer)
            try await eventually("the new certificate is shown") {
                try await Program("openssl").run(
                    "s_client", "-connect", "127.0.0.1:\(fixture.proxy.ports.buildkit)"
                ).output.contains("CN = other")
            }
        }
    }
}

extension LocalProxy {
    fileprivate func volume(_ secret: ReadinessTests.Fault.Secret) -> SecretVolume {
        secret == .outer ? outer : inner
    }
}
