import Installer
import LabSupport
import Testing

extension Builds {
    /// BuildKit is scaled to zero while there are no builds.
    @Suite(.serialized) struct SleepingBuilderTests {
        @Test func aBuildIsHeldWhileItSleepsAndWakesIt() async throws {
            try await OwnProxy.whileRunning { own in
                let installation = own.installation
                try await StandInKEDA.introduce(to: installation.namespace.kubectl)
                let chart = "\(installation.folder)/chart"
                try await installation.laptop.installer.require("chart", chart)
                try await installation.namespace.helm.require(
                    "upgrade", "buildkit", chart, "--reuse-values", "--set", "builder.sleep.enabled=true",
                    "--set", "builder.sleep.after=5s", "--set", "builder.sleep.poll=1s")
                let keda = try await StandInKEDA(
                    for: "buildkit-builder", in: installation.namespace, proxy: own.proxy)
                let pod = BuilderPod(behind: own)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        // It must not scale to zero what has not started yet.
                        try await eventually("BuildKit runs") { pod.isRunning }
                        try await keda.run()
                    }
                    group.addTask { try await pod.run() }
                    group.addTask { try await sleepAndWake(own, keda, pod) }
                    defer { group.cancelAll() }
                    // The substitutes run until they are cancelled.
                    try await group.next()
                }
                try await expectTheVerbsToLeaveItToKEDA(installation)
                // Without KEDA nothing else would wake it.
                try await installation.namespace.helm.require("rollback", "buildkit", "1")
                let woken = try await installation.laptop.installer.run(
                    "wake", "--yes", "--namespace", installation.namespace.name)
                #expect(woken.succeeded, "\(woken)")
            }
        }

        private func sleepAndWake(_ own: OwnProxy, _ keda: StandInKEDA, _ pod: BuilderPod) async throws {
            let docker = own.installation.laptop.docker
            let samples = try (0..<2).map { _ in try SampleBuild(in: own.installation.folder) }
            try await eventually("it sleeps, for nobody builds") {
                try await keda.replicas() == 0 && pod.count == 1 && !pod.isRunning
            }

            let builds = samples.map { sample in
                Task { try await sample.run(with: docker, builder: own.builder) }
            }
            for build in builds { #expect(try await build.value == "0\n") }
            #expect(pod.count == 2)

            try await samples[0].whileRunning(with: docker, builder: own.builder) {
                let starts = pod.count
                // Three times the idle time after which it sleeps.
                try await Task.sleep(for: .seconds(3 * keda.scaledObject.spec.cooldownPeriod))
                #expect(try await keda.replicas() == 1)
                #expect(pod.isRunning && pod.count == starts)
            }
            try await eventually("it sleeps again") {
                try await keda.replicas() == 0 && !pod.isRunning
            }
        }

        private func expectTheVerbsToLeaveItToKEDA(_ installation: Installation) async throws {
            for (verb, replicas) in [("sleep", 0), ("wake", 1)] {
                let outcome = try await installation.laptop.installer.run(
                    verb, "--yes", "--namespace", installation.namespace.name)
                #expect(outcome.status == 69)
                #expect(outcome.errors.contains("(ScaledObject buildkit-builder)"), "\(outcome)")
                #expect(outcome.errors.contains("autoscaling.keda.sh/paused-replicas=\(replicas)"))
            }
        }

        @Test func byHandItSleepsOnlyWhileNobodyBuildsAndWhoWaitsIsCounted() async throws {
            try await OwnProxy.whileRunning { own in
                let namespace = own.installation.namespace
                // Not the suite's machine: its ports are forwarded elsewhere.
                let laptop = try Laptop(
                    in: "\(own.installation.folder)/other", kubeconfig: namespace.kubeconfig)
                try laptop.forward(to: own.proxy.ports)
                func run(_ verb: String) async throws -> Outcome {
                    try await laptop.installer.run(verb, "--yes", "--namespace", namespace.name)
                }
                let docker = own.installation.laptop.docker
                let sample = try SampleBuild(in: own.installation.folder)
                try await own.whileBuilderServes { _ in
                    try await sample.whileRunning(with: docker, builder: own.builder) {
                        let outcome = try await run("sleep")
                        #expect(outcome.status == 69)
                        #expect(
                            outcome.errors.hasPrefix(
                                "Error: BuildKit is not scaled to zero: 1 active build\n"),
                            "\(outcome)")
                        #expect(outcome.errors.hasSuffix("No changes were made.\n"))
                    }
                    try await eventually("it sleeps") { try await run("sleep").succeeded }
                }

                let build = Task { try await sample.run(with: docker, builder: own.builder) }
                try await eventually("the build is held") { try await own.held() == 1 }
                #expect(
                    try await run("sleep").output.hasPrefix(
                        "BuildKit is already scaled to zero. 1 queued request waits."))
                let woken = try await run("wake")
                #expect(woken.output.hasSuffix("BuildKit is running.\n"), "\(woken)")
                try await own.whileBuilderServes { _ in
                    let user = try await build.value
                    #expect(user == "0\n")
                }
            }
        }
    }
}
