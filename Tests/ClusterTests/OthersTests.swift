import FoundationEssentials
import Glibc
import LabSupport
import Testing

/// Another process creates or changes what a run is about to create: its objects are kept, whatever the run does
/// then.
@Suite struct OthersTests {
    @Test func aNamespaceThatSomebodyElseHasMadeMeanwhileStays() async throws {
        try await Installation.begin { installation in
            let outcome = try await installation.install(heldBefore: "{.metadata.uid} --context") {
                try await installation.cluster.kubectl.require("create", "namespace", installation.namespace)
                try await installation.makeTheirs()
            }
            #expect(outcome.status == 1)
            #expect(
                outcome.output.contains(
                    "The namespace \(installation.namespace) was created by another process"),
                "\(outcome)")
            try await installation.expectTheirs()
            #expect(!outcome.output.contains(reportedEvent("rolled-back", ofStep: "namespace")))
        }
    }

    @Test func aNamespaceThatHoldsSomethingOfOthersIsNotTakenBack() async throws {
        try await Installation.begin { installation in
            let outcome = try await installation.install(
                heldBefore: "helm install", "--image", "example.com/unready:1", "--timeout", "12"
            ) { try await installation.makeTheirs() }
            #expect(outcome.status == 1)
            #expect(
                outcome.output.contains(
                    "was kept: it also contains configmap/precious"),
                "\(outcome)")
            try await installation.expectTheirs()
        }
    }

    @Test func aSecretThatSomebodyElseHasMadeMeanwhileStays() async throws {
        try await ControlPlane.withNamespace { namespace in
            try await Installation.begin(in: namespace.name) { installation in
                let outcome = try await installation.install(heldBefore: "{.metadata.uid} --namespace") {
                    try await installation.cluster.kubectl.require(
                        "create", "secret", "generic", "buildkit-envoy-certs", "--from-literal=ca.pem=THEIRS",
                        "--namespace", namespace.name)
                }
                #expect(outcome.status == 1)
                #expect(
                    outcome.output.contains(
                        "The secret buildkit-envoy-certs was created by another process"),
                    "\(outcome)")
                #expect(try await installation.envoySecret() == ["ca.pem": "THEIRS"])
            }
        }
    }

    @Test(arguments: [["rotate"], ["client", "revoke", "carol"]])
    func aSecretThatIsDeletedInTheMiddleIsNotCreatedAgain(_ words: [String]) async throws {
        try await Installation.begin { installation in
            try await installation.installWithClient()
            let tools = try ToolWatch(over: installation)
            try tools.hold(.before, "kubectl apply")
            async let ending = installation.run(words)
            try await eventually("the Secret is about to be changed") { tools.isHolding }
            try await installation.cluster.kubectl.require(
                "delete", "secret", "buildkit-envoy-certs", "--namespace", installation.namespace)
            try tools.letGo()
            let outcome = try await ending
            #expect(outcome.status == 1, "\(outcome)")
            #expect(
                "\(outcome)".contains(
                    "The Secret buildkit-envoy-certs was deleted by another process and was not created again"
                ),
                "\(outcome)")
            #expect(try await !installation.objects().map(\.title).contains("Secret/buildkit-envoy-certs"))
        }
    }

    @Test func aReleaseThatSomebodyElseHasInstalledMeanwhileStays() async throws {
        try await ControlPlane.withNamespace { namespace in
            try await Installation.begin(in: namespace.name) { installation in
                let chart = try installation.makeChart("other")
                let outcome = try await installation.install(heldBefore: "helm install") {
                    try await installation.helm("install", "buildkit", chart)
                }
                #expect(outcome.status == 1)
                #expect(
                    outcome.output.contains("The release buildkit was installed by another process"),
                    "\(outcome)")
                #expect(try await installation.revisions() == ["deployed"])
                try await installation.expectTheirs()
                // The run's own objects have been deleted.
                #expect(try await installation.objects().map(\.title) == ["ConfigMap/precious"])
            }
        }
    }

    @Test func aReleaseThatSomebodyElseHasUpgradedSinceIsNotTakenBack() async throws {
        try await Installation.begin { installation in
            let tools = try ToolWatch(over: installation)
            try tools.hold(.after, "helm install")
            let outcome = try await installation.withInstaller([]) { _ in
                try await installation.before(itEnds: "Helm has installed") { tools.isHolding }
                try await installation.helm("upgrade", "buildkit", try installation.makeChart("other"))
                // And the next step fails.
                try installation.laptop.replace("docker", with: "exit 1")
                try tools.letGo()
            }
            #expect(outcome.status == 1, "\(outcome)")
            #expect(outcome.output.contains("The release buildkit was changed by another process"))
            #expect(try await installation.revisions() == ["superseded", "deployed"])
            try await installation.expectTheirs()
        }
    }

    /// Two machines, each with a home of its own, concurrently.
    @Test(arguments: [false, true]) func ofTwoThatInstallAtOnceExactlyOneDoes(isThere: Bool) async throws {
        try await ControlPlane.withNamespace { namespace in
            let place = isThere ? namespace.name : "\(namespace.name)-new"
            try await Installation.begin(in: place) { first in
                try await Installation.beginAtOnce(in: place) { second in
                    async let one = first.install()
                    async let two = second.install()
                    let outcomes = try await [one, two]
                    let machines = zip([first, second], outcomes)
                    let winners = machines.filter { $1.succeeded }
                    #expect(winners.count == 1, "\(outcomes)")
                    for (_, outcome) in machines where !outcome.succeeded {
                        #expect(
                            outcome.errors.contains("was created by another process")
                                || outcome.errors.contains("is running on this installation"), "\(outcome)")
                    }
                    guard let winner = winners.first?.0 else { return }
                    #expect(try await winner.revisions() == ["deployed"])
                    let served = try await winner.envoySecret()["server.pem"]
                    #expect(served == (try winner.text(winner.path(of: "certs/daemon/cert.pem"))))
                    // No run is active there any more.
                    #expect(try await winner.cluster.list("leases", in: place).isEmpty)
                }
            }
        }
    }

    @Test func whoeverIsAtWorkFromAnotherMachineIsNamedAndLeftAlone() async throws {
        try await Installation.begin { first in
            let tools = try ToolWatch(over: first)
            // The previous run was killed before it started Helm.
            try tools.hold(.before, "helm install")
            _ = try await first.install([], signal: SIGKILL) { _ in tools.isHolding }
            try tools.letGo()
            try await first.cluster.forget(first.namespace)
            try await eventually("the namespace is gone") {
                try await first.cluster.isRid(of: first.namespace)
            }
            try await Installation.beginAtOnce(in: first.namespace) { second in
                let others = try ToolWatch(over: second)
                try others.hold(.after, "helm install")
                let ended = try await second.withInstaller([]) { _ in
                    try await second.before(itEnds: "the other machine is in the middle") { others.isHolding }
                    for verb in [["install"], ["uninstall"], ["rotate"], ["client", "add", "bob"]] {
                        let refused = try await first.laptop.installer.run(
                            verb + ["--yes", "--namespace", first.namespace])
                        #expect(refused.status == 75, "\(verb): \(refused)")
                        #expect(
                            refused.errors.contains("Another buildkit-installer process is running on this"),
                            "\(verb): \(refused)")
                        #expect(refused.errors.contains("which expires at"))
                        #expect(refused.errors.contains("See: docs/troubleshooting.md#Locked"))
                    }
                    let sleeping = try await first.laptop.installer.run(
                        "sleep", "--namespace", first.namespace)
                    #expect(sleeping.status == 75, "\(sleeping)")
                    #expect(sleeping.errors.contains("Another buildkit-installer process is running on this"))
                    try others.letGo()
                }
                #expect(ended.status == 0, "\(ended)")
                #expect(try await second.revisions() == ["deployed"])
            }
        }
    }

    @Test func certificatesThatAnotherInstallationIsMakingAreNotTouched() async throws {
        try await Installation.begin { installation in
            let certs = "\(installation.folder)/shared"
            let tools = try ToolWatch(over: installation)
            try tools.hold(.before, "helm install")
            let first = try await installation.withInstaller(["--certs", certs]) { _ in
                try await installation.before(itEnds: "the first is in the middle") { tools.isHolding }
                let other = ["--namespace", "\(installation.namespace)-b", "--certs", certs]
                for verb in [["install", "--yes", "--cache", "none"], ["issue"]] {
                    let refused = try await installation.laptop.installer.run(verb + other)
                    #expect(refused.status == 75, "\(verb): \(refused)")
                    #expect(
                        refused.errors.contains("Another buildkit-installer process is using \(certs)"),
                        "\(verb): \(refused)")
                }
                try tools.letGo()
            }
            #expect(first.status == 0)
            #expect(
                try FileManager.default.contentsOfDirectory(
                    atPath: "\(installation.laptop.home)/.local/state/buildkit-installer"
                ).contains("locks") == false)
        }
    }

    @Test func theLeaseOfAMachineThatIsGoneIsTakenOverOnceItHasRunOut() async throws {
        try await ControlPlane.withNamespace { namespace in
            try await Installation.begin(in: namespace.name) { installation in
                try await installation.cluster.kubectl.require(
                    ["create", "--filename", "-"],
                    input: """
                        {"apiVersion":"coordination.k8s.io/v1","kind":"Lease",
                        "metadata":{"name":"buildkit-installer-buildkit","namespace":"\(namespace.name)"},
                        "spec":{"holderIdentity":"somebody@elsewhere","leaseDurationSeconds":2,
                        "renewTime":"2026-01-01T00:00:00.000000Z"}}
                        """)
                let outcome = try await installation.install()
                #expect(outcome.succeeded, "\(outcome)")
                #expect(try await installation.cluster.list("leases", in: namespace.name).isEmpty)
            }
        }
    }

    @Test func whatComesBeforeTheNamespaceGoesIsNotLostWithIt() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            let tools = try ToolWatch(over: installation)
            try tools.hold(.after, "helm uninstall")
            async let ending = installation.uninstall("--everything")
            try await eventually("the uninstall is in the middle") { tools.isHolding }
            try await installation.makeTheirs()
            try tools.letGo()
            let outcome = try await ending
            #expect(outcome.status == 1, "\(outcome)")
            #expect(
                outcome.errors.contains("was kept") && outcome.errors.contains("configmap/precious"))
            try await installation.expectTheirs()
        }
    }
}

extension Installation {
    /// Installs, and runs `body` just before a tool is run.
    fileprivate func install(
        heldBefore words: String, _ more: String..., while body: @escaping () async throws -> Void
    ) async throws -> Outcome {
        let tools = try ToolWatch(over: self)
        try tools.hold(.before, words)
        return try await withInstaller(more) { _ in
            try await before(itEnds: "\(words) is about to be run") { tools.isHolding }
            try await body()
            try tools.letGo()
        }
    }

    /// Creates a foreign object in the namespace.
    fileprivate func makeTheirs() async throws {
        try await cluster.kubectl.require(
            "create", "configmap", "precious", "--from-literal=a=b", "--namespace", namespace)
    }

    fileprivate func expectTheirs(at location: SourceLocation = #_sourceLocation) async throws {
        #expect(try await cluster.has(namespace), sourceLocation: location)
        let names = try await cluster.list("configmaps", in: namespace).compactMap {
            $0["metadata"]?["name"]?.string
        }
        #expect(names.contains("precious"), sourceLocation: location)
    }

    fileprivate func helm(_ arguments: String...) async throws {
        try await Program(.helm, environment: ["KUBECONFIG": cluster.kubeconfig]).require(
            arguments + ["--namespace", namespace])
    }
}
