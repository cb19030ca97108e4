import FoundationEssentials
import LabSupport
import Testing

/// The real Envoy with the rendered configuration of each documented combination.
///
/// Sequential, because each Envoy uses several of the 128 inotify instances that Linux allows per user.
@Suite(.serialized) struct ProxyTests {
    private static let clients = "[{name: alice, role: admin}, {name: bob, role: builder}]"

    static let combinations: [[String: String]] = [
        [:],
        ["proxy.certificates.revocations": "true"],
        ["proxy.clients": clients],
        ["proxy.clients": "[{name: alice, role: builder}]"],
        ["proxy.hold": "0s"],
        ["proxy.limits.connections": "5", "proxy.limits.streams": "16"],
        ["builder.serverName": "buildkitd"],
        ["builder.clientCertificates": "false"],
        ["proxy.metrics.port": "9000"],
        ["ipv6": "true"],
        [
            "proxy.certificates.revocations": "true", "proxy.clients": clients,
            "builder.serverName": "buildkitd",
            "proxy.hold": "1h", "ipv6": "true",
        ],
    ]

    @Test(arguments: combinations)
    func envoyFindsNoFaultWithIt(set: [String: String]) async throws {
        try await withTemporaryFolder { folder in
            let fixture = try await ProxyFixture.make(Release(set: set), in: folder)
            let outcome = try await Program(.envoy).run(
                "--mode", "validate", "--config-path", fixture.proxy.configuration)
            #expect(outcome.succeeded, "\(outcome.errors)")
        }
    }

    @Test(arguments: combinations)
    func itServesItsClientsAndNobodyElse(set: [String: String]) async throws {
        try await ProxyFixture.whileRunning(set) { fixture in
            try await eventually("the proxy is ready") { try await fixture.proxy.ready().succeeded }
            try await expectStrangersRefused(by: fixture)
            if set["builder.clientCertificates"] == "false" { return }
            #expect(try await fixture.call(as: "alice").contains("served-by: builder"))
        }
    }

    private func expectStrangersRefused(by fixture: ProxyFixture) async throws {
        let nobody = try await fixture.refusal(of: nil)
        #expect(nobody.contains("alert certificate required"))
        let mallory = try await fixture.refusal(of: "mallory")
        #expect(mallory.contains("alert unknown ca"))
    }

    @Test func clientsWithKeysOfEachKindAreServed() async throws {
        try await ProxyFixture.whileRunning { fixture in
            // P-256; the same without an identity, as created manually; Ed25519; RSA.
            for client in ["alice", "plain", "edward", "ronald"] {
                let answer = try await fixture.call(as: client)
                #expect(answer.contains("served-by: builder"), "\(client)")
            }
        }
    }

    @Test func onlyListedClientsBuildAndOnlyAdminsPrune() async throws {
        try await ProxyFixture.whileRunning(["proxy.clients": Self.clients]) { fixture in
            for method in ["Solve", "Session", "DiskUsage"] {
                for client in ["alice", "bob"] {
                    let answer = try await fixture.call(method, as: client)
                    #expect(answer.contains("served-by: builder"), "\(method) as \(client)")
                }
            }
            let adminsOnly = [
                "Prune", "ListenBuildHistory", "UpdateBuildHistory",
                "/containerd.services.content.v1.Content/Read",
            ]
            for method in adminsOnly {
                #expect(
                    try await fixture.call(method, as: "alice").contains("served-by: builder"), "\(method)")
                #expect(try await fixture.call(method, as: "bob").contains("grpc-status: 7"), "\(method)")
            }
            // Signed, but not on the list; and without the name that the list refers to.
            for stranger in ["carol", "plain"] {
                let refusal = try await fixture.refusal(of: stranger)
                #expect(refusal.contains("alert certificate unknown"))
            }
        }
    }

    @Test func whoIsTakenOffTheListBeginsNothingMoreOnAConnectionThatIsOpen() async throws {
        let withoutBob = try await ProxyFixture.configuration([
            "proxy.clients": "[{name: alice, role: admin}]"
        ])
        try await ProxyFixture.whileRunning(["proxy.clients": Self.clients]) { fixture in
            async let answers = fixture.callSlowly(12, as: "bob")
            try await eventually("bob is served") {
                try await fixture.proxy.figure("envoy_http_downstream_rq_total") ?? 0 > 0
            }
            try fixture.proxy.configure(withoutBob)
            let all = try await answers
            #expect(all.contains("served-by: builder"))
            #expect(all.contains("grpc-status: 7"))
            #expect(all.matches(of: /connections: 1/).count == 1)
            #expect(all.matches(of: /connections: 0/).count == 11)
        }
    }

    @Test func aRevokedCertificateIsRefused() async throws {
        try await ProxyFixture.whileRunning(["proxy.certificates.revocations": "true"]) { fixture in
            let alice = try await fixture.call(as: "alice")
            #expect(alice.contains("served-by: builder"))
            let bob = try await fixture.refusal(of: "bob")
            #expect(bob.contains("alert certificate revoked"))
        }
    }

    @Test func aBuilderOfAnotherNameIsNotSpokenTo() async throws {
        let set = ["builder.serverName": "somebody-else", "proxy.hold": "1s"]
        try await ProxyFixture.whileRunning(set) { fixture in
            let answer = try await fixture.call(as: "alice")
            #expect(answer.contains("grpc-status: 14"))
        }
    }

    @Test func requestsWaitForTheBuilder() async throws {
        try await ProxyFixture.whileRunning(builder: .absent) { fixture in
            // More than the three requests that Envoy retries concurrently by default.
            let answers = (0..<20).map { _ in Task { try await fixture.call(as: "alice") } }
            try await eventually("all are held") {
                try await fixture.proxy.get("/active").contains(#"downstream_rq_active","value":20"#)
            }
            try await fixture.whileBuilderServes {
                for answer in answers {
                    let answer = try await answer.value
                    #expect(answer.contains("served-by: builder"))
                }
            }
        }
    }

    @Test func aDrainingProxyWaitsForItsRequests() async throws {
        try await ProxyFixture.whileRunning(builder: .absent) { fixture in
            let answer = Task { try await fixture.call(as: "alice") }
            try await eventually("the request is held") {
                try await fixture.proxy.get("/active").contains(#"downstream_rq_active","value":1"#)
            }
            let drained = Task { try await fixture.proxy.drain() }
            try await eventually("the proxy says that it drains") {
                try await fixture.proxy.ready().output.contains("Envoy is starting or draining.")
            }
            // It still holds the request, and still serves.
            #expect(try await fixture.proxy.get("/active").contains(#"downstream_rq_active","value":1"#))
            let served = try await fixture.whileBuilderServes { try await answer.value }
            #expect(served.contains("served-by: builder"))
            #expect(try await drained.value.succeeded)
        }
    }

    /// With or without NetworkPolicies: the ports that the pod itself listens on.
    @Test func withoutACertificateNoPortAnswersAnotherPod() async throws {
        try await ProxyFixture.whileRunning { fixture in
            let ready = try await fixture.proxy.get("/ready")
            #expect(ready.hasPrefix("LIVE"))
            #expect(try await fixture.proxy.answeringPorts() == [])
        }
    }

    @Test(arguments: ["proxy.metrics.enabled", "proxy.metrics.podMonitor.enabled", "builder.sleep.enabled"])
    func whoAsksForFiguresOpensTheirPortAndNoOther(value: String) async throws {
        let release = Release(set: [value: "true"], apis: ["monitoring.coreos.com/v1", "keda.sh/v1alpha1"])
        try await ProxyFixture.whileRunning(of: release) { fixture in
            let answering = try await fixture.proxy.answeringPorts()
            #expect(answering == [fixture.proxy.ports.metrics])
        }
    }

    @Test func nothingOfTheAdminInterfaceIsInReach() async throws {
        try await ProxyFixture.whileRunning { fixture in
            let ready = try await fixture.proxy.get("/ready")
            #expect(ready.hasPrefix("LIVE"))
            for path in [
                "/config_dump", "/certs", "/stats", "/metrics/../config_dump", "/metrics%2f..%2fcerts", "/",
            ] {
                #expect(try await fixture.proxy.get(path) == "404", "\(path)")
            }
            for path in ["/ready", "/metrics", "/quitquitquit", "/healthcheck/fail", "/drain_listeners"] {
                #expect(try await fixture.proxy.get(path, method: "POST") == "404", "\(path)")
            }
        }
    }
}
