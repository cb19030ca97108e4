import FoundationEssentials
import LabSupport
import PseudoTerminal
import SessionSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Unexpected ends in the middle of a run.
@Suite struct RunEndingTests {
    @Test func aStoppedRunThatIsUndoneLeavesNothing() async throws {
        try await Cluster.withLaptop { cluster in
            let terminal = try await cluster.openInARun()
            try await terminal.press(.control("c"))
            try await terminal.wait(for: "Stop now? The current step is interrupted")
            try await terminal.press(.escape)
            try await terminal.wait(untilGone: "Stop now?")
            try await terminal.press(.control("c"))
            try await terminal.wait(for: "Stop now? The current step is interrupted")
            try await terminal.type("s")
            try await terminal.wait(for: "Roll back the changes, or keep them")
            try await terminal.type("u")
            try await terminal.page("Interrupted")
            try await terminal.press(.enter)
            #expect(try await terminal.waitForEnd() == .exited(130))
            #expect(await terminal.leftovers() == [])
            #expect(try await cluster.isUntouched())
            try await cluster.waitUntilNoToolRuns()
        }
    }

    @Test func aStoppedRunThatIsKeptGoesOnWithTheNext() async throws {
        try await Cluster.withLaptop { cluster in
            let terminal = try await cluster.openInARun()
            try await terminal.press(.control("c"))
            try await terminal.wait(for: "Stop now? The current step is interrupted")
            try await terminal.press(.control("c"))
            try await terminal.wait(for: "Roll back the changes, or keep them")
            try await terminal.type("k")
            try await terminal.page("Interrupted")
            try await terminal.press(.enter)
            #expect(try await terminal.waitForEnd() == .exited(130))
            try await cluster.waitUntilNoToolRuns()
            #expect(try await cluster.hasSecrets())

            try await finish(cluster)
        }
    }

    @Test(arguments: [SIGTERM, SIGHUP]) func aSignalInARunStopsItAndKeepsWhatIsDone(number: Int32)
        async throws
    {
        try await Cluster.withLaptop { cluster in
            let terminal = try await cluster.openInARun()
            await terminal.signal(number)
            #expect(try await terminal.waitForEnd() == .exited(130))
            #expect(await terminal.leftovers() == [])
            try await cluster.waitUntilNoToolRuns()
            #expect(try await cluster.hasSecrets())
        }
    }

    @Test func aSignalInPlaceOfAnAnswerKeepsWhatIsDone() async throws {
        try await Cluster.withLaptop { cluster in
            let terminal = try await cluster.openInARun()
            try await terminal.press(.control("c"), .control("c"))
            try await terminal.wait(for: "Roll back the changes, or keep them")
            await terminal.signal(SIGTERM)
            #expect(try await terminal.waitForEnd() == .exited(130))
            #expect(await terminal.leftovers() == [])
            #expect(try await cluster.hasSecrets())
        }
    }

    @Test func controlCInAPlainRunAsksAndUndoes() async throws {
        try await Cluster.withLaptop { cluster in
            let terminal = try cluster.laptop.open(
                "install", environment: cluster.unready.merging(["TERM": "dumb"]) { $1 }, columns: 120,
                rows: 60)
            // Empty answers are rejected where a choice is required.
            try await terminal.type(String(repeating: "\n", count: 40))
            try await terminal.wait(for: "Type 1, 2, 3 or 4.")
            try await terminal.type("1\n")
            try await terminal.wait(for: "Install the release buildkit…")
            try await cluster.waitUntilHelmWaits()
            try await terminal.press(.control("c"))
            try await terminal.wait(for: "Type undo to roll back the changes, or keep to keep them:")
            try await terminal.type("undo\n")
            #expect(try await terminal.waitForEnd() == .exited(130))
            #expect(await terminal.leftovers() == [])
            #expect(try await cluster.isUntouched())
            try await cluster.waitUntilNoToolRuns()
        }
    }

    @Test func aClosedWindowStopsTheRun() async throws {
        try await Cluster.withLaptop { cluster in
            let terminal = try await cluster.openInARun()
            await terminal.hangUp()
            #expect(try await terminal.waitForEnd() == .exited(130))
            try await cluster.waitUntilNoToolRuns()
        }
    }

    @Test func aCrashInARunRestoresTheTerminalAndTheNextRunStopsItsTool() async throws {
        try await Cluster.withLaptop { cluster in
            let terminal = try await cluster.openInARun()
            await terminal.signal(SIGSEGV)
            #expect(try await terminal.waitForEnd() == .killed(signal: SIGSEGV))
            #expect(await terminal.leftovers() == [])
            try await finish(cluster)
        }
    }

    /// Runs the install again, until it succeeds.
    private func finish(_ cluster: Cluster) async throws {
        let terminal = try cluster.laptop.open(
            "install", environment: cluster.settings, columns: 120, rows: 30)
        try await terminal.runFromChecks()
        try await terminal.page("Done", with: "Next steps")
        try await terminal.press(.enter)
        #expect(try await terminal.waitForEnd() == .exited(0))
        #expect(await terminal.leftovers() == [])
        #expect(try await cluster.releases() == ["buildkit"])
        try await cluster.waitUntilNoToolRuns()
    }
}

extension Cluster {
    /// Answers for this cluster, to which no build can be sent.
    fileprivate var settings: [String: String?] {
        [
            "BUILDKIT_INSTALLER_NAMESPACE": namespace, "BUILDKIT_INSTALLER_CACHE": "none",
            "BUILDKIT_INSTALLER_VERIFY": "no",
        ]
    }

    /// The same, with pods that never become ready, for a reason that may pass: the run does not end by itself.
    fileprivate var unready: [String: String?] {
        settings.merging(["BUILDKIT_INSTALLER_IMAGE": "docker.io/lab/unready-probed:1"]) { $1 }
    }

    /// The wizard in a run, in which Helm waits for pods.
    fileprivate func openInARun() async throws -> PseudoTerminal {
        let terminal = try laptop.open("install", environment: unready, columns: 120, rows: 30)
        try await terminal.runFromChecks()
        try await terminal.wait(for: "the installation of the release") {
            $0.isPage("Progress") && $0.text.contains(/Install the release buildkit +running/)
        }
        try await waitUntilHelmWaits()
        // Helm; kubectl may be querying the pods concurrently.
        #expect(try !toolsRunning(besides: terminal.process).isEmpty)
        return terminal
    }

    fileprivate func waitUntilHelmWaits() async throws {
        try await eventually("Helm waits") { try await objects("deployments").count == 2 }
    }

    /// Whether the steps before the release are still done.
    fileprivate func hasSecrets() async throws -> Bool {
        try await objects("secrets").contains("secret/buildkit-envoy-certs")
    }

    /// Whether neither the cluster nor the machine contains anything of an install.
    func isUntouched() async throws -> Bool {
        let hasNamespace = try await hasNamespace()
        let builders = try await builders()
        return !hasNamespace && !builders.contains("remote-kubernetes")
    }

    /// A process that was killed takes a moment to go; a tool that was not runs for minutes.
    fileprivate func waitUntilNoToolRuns() async throws {
        try await eventually("no tool runs", within: .seconds(30)) { try toolsRunning().isEmpty }
    }

    /// The processes with this machine's home: tools that the installer has started.
    fileprivate func toolsRunning(besides installer: Int32? = nil) throws -> [Int32] {
        try laptop.processes().filter { $0 != installer }
    }
}

extension PseudoTerminal {
    /// From the proposal over every page to the run, with the given answers.
    fileprivate func runFromChecks() throws {
        for title in Self.titles.dropFirst() where title != "Review" {
            try page(title)
            try proceed(from: title)
        }
        try page("Review", with: "No changes have been made yet.")
        try type("i")
    }
}
