import FoundationEssentials
@testable import Installer
import LabSupport
import Synchronization
import Testing

/// A wait in a real cluster is woken by the change that it waits for.
@Suite(.timeLimit(.minutes(10)))
struct ClusterWaitTests {
    /// In each of these no time passes: only a change ends a pause.
    @Test func everyChangeWakesTheWait() async throws {
        try await Installation.begin { installation in
            let kubectl = installation.cluster.kubectl
            try await kubectl.require("create", "namespace", installation.namespace)
            let id = InstallationID(context: "test", namespace: installation.namespace, release: "buildkit")
            let looks = [
                id.kubectl.look("get", "configmap", "one", "--ignore-not-found", "--output", "json"),
                id.kubectl(
                    "get", "configmap/one", "secret/none", "--ignore-not-found", "--output", "json"),
                id.kubectl.look(
                    "get", "events,secrets", "--selector", "name=one", "--output", "json"),
            ]
            try await ClusterConnection.sharing(dependencies(installation)) { shared in
                for look in looks {
                    let kind = look.arguments.contains("--selector") ? "secret" : "configmap"
                    let new = """
                        {"apiVersion": "v1", "kind": "\(kind == "secret" ? "Secret" : "ConfigMap")",
                        "metadata": {"name": "one", "labels": {"name": "one"}}}
                        """
                    let place = ["--namespace", installation.namespace]
                    for isThere in [true, false, true, false] {
                        try await ClusterWatch.during(look, in: shared) { changes in
                            if isThere {
                                try await kubectl.require(["create", "--filename", "-"] + place, input: new)
                            } else {
                                try await kubectl.require(["delete", kind, "one"] + place)
                            }
                            while try await shared.runner(look).replacing(" ", with: "").contains(
                                #""name":"one""#) != isThere
                            {
                                try await changes.pause(.seconds(1), until: .distantFuture)
                            }
                        }
                    }
                }
            }
        }
    }

    @Test func aLaterChangeWakesItToo() async throws {
        try await Installation.begin { installation in
            let kubectl = installation.cluster.kubectl
            let space = installation.namespace
            let id = InstallationID(context: "test", namespace: space, release: "buildkit")
            let look = id.cluster.look(
                "get", "namespace", space, "--ignore-not-found", "--output", "json")
            let (pauses, paused) = AsyncStream.makeStream(of: Void.self)
            var dependencies = dependencies(installation)
            dependencies.pause = { _ in
                paused.yield()
                try await sleepUntilCancelled()
            }
            async let wait: Void = ClusterConnection.sharing(dependencies) { shared in
                try await ClusterWatch.during(look, in: shared) { changes in
                    while try await shared.runner(look).isEmpty {
                        try await changes.pause(.seconds(1), until: .distantFuture)
                    }
                }
            }
            // The second pause is after the stream was opened.
            var calls = pauses.makeAsyncIterator()
            _ = await calls.next()
            _ = await calls.next()
            try await kubectl.require("create", "namespace", space)
            try await wait
        }
    }

    @Test func aCancelledWaitEndsAtOnce() async throws {
        try await Installation.begin { installation in
            let id = InstallationID(context: "test", namespace: "default", release: "buildkit")
            let look = id.kubectl.look("get", "pods", "--selector", "name=none", "--output", "json")
            let (pauses, paused) = AsyncStream.makeStream(of: Void.self)
            var dependencies = dependencies(installation)
            dependencies.pause = { _ in
                paused.yield()
                try await sleepUntilCancelled()
            }
            let shared = dependencies
            let wait = Task {
                try await ClusterConnection.sharing(shared) { shared in
                    try await ClusterWatch.during(look, in: shared) { changes in
                        while true {
                            _ = try await shared.runner(look)
                            try await changes.pause(.seconds(1), until: .distantFuture)
                        }
                    }
                }
            }
            var calls = pauses.makeAsyncIterator()
            _ = await calls.next()
            _ = await calls.next()
            wait.cancel()
            await #expect(throws: CancellationError.self) { try await wait.value }
        }
    }

    @Test func aWatchedStatusFollowsTheDeployment() async throws {
        try await Installation.begin { installation in
            #expect(try await installation.install().succeeded)
            var dependencies = dependencies(installation)
            // The wait between two reports never ends by itself, but for the shortest one.
            dependencies.pause = { if $0 >= .seconds(1) { try await sleepUntilCancelled() } }
            var answers = Answers()
            (answers.context, answers.namespace) = ("test", installation.namespace)
            let status = StatusCollector(
                dependencies: dependencies, answers: answers, given: ["context", "namespace"])
            let (reports, reported) = AsyncStream.makeStream(of: StatusReport.self)
            let watch = Task { await status.watch { reported.yield($0) } }
            var isScaled = false
            for await report in reports {
                if report.sleep?.isAsleep == true { break }
                guard !isScaled else { continue }
                isScaled = true
                try await installation.cluster.kubectl.require(
                    "scale", "deployment/buildkit-builder", "--replicas", "0", "--namespace",
                    installation.namespace)
            }
            watch.cancel()
            await watch.value
        }
    }

    private func dependencies(_ installation: Installation) -> Dependencies {
        let environment = [
            "PATH": installation.laptop.programs, "HOME": installation.laptop.home,
            "KUBECONFIG": installation.cluster.kubeconfig, "TMPDIR": installation.folder,
        ]
        var dependencies = Dependencies(
            runner: ProcessRunner(environment: environment), environment: environment,
            home: installation.laptop.home, pause: { _ in try await sleepUntilCancelled() })
        dependencies.sharesConnections = true
        return dependencies
    }
}
