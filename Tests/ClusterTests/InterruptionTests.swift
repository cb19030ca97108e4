import Glibc
import LabSupport
import Testing

/// Signals, and a second concurrent run.
@Suite struct InterruptionTests {
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func theToolIsStoppedAndEverythingTakenBack(_ signal: Int32)
        async throws
    {
        try await Installation.begin { installation in
            let files = try installation.files()
            let tools = try ToolWatch(over: installation)
            try tools.hold(.before, "helm install")
            let outcome = try await installation.install([], signal: signal) { _ in tools.isHolding }
            #expect(outcome.status == 130, "\(outcome)")
            #expect(try outcome.result()["outcome"] == "interrupted")
            #expect(try outcome.result()["rolledBack"] == true)
            #expect(try await !installation.cluster.has(installation.namespace))
            #expect(try installation.files().filter { !$0.isFolder } == files.filter { !$0.isFolder })
            // The tool that is released now has been stopped: it does nothing.
            let calls = try tools.calls
            try tools.letGo()
            #expect(try tools.calls == calls)
            #expect(try await installation.revisions().isEmpty)
        }
    }

    @Test func whatWasInterruptedAndKeptIsGoneOnFrom() async throws {
        try await Installation.begin { installation in
            let tools = try ToolWatch(over: installation)
            try tools.hold(.before, "helm install")
            let outcome = try await installation.install(["--keep-on-failure"], signal: SIGINT) { _ in
                tools.isHolding
            }
            #expect(outcome.status == 130, "\(outcome)")
            try tools.letGo()
            let next = try await installation.install("--output", "json")
            #expect(try next.plannedSteps() == ["chart", "release", "builder"])
            try await expectAsUndisturbed(installation)
        }
    }

    @Test func aSecondRunBesideTheFirstRefusesAndTouchesNothing() async throws {
        try await Installation.begin { installation in
            let tools = try ToolWatch(over: installation)
            try tools.hold(.before, "helm install")
            let first = try await installation.withInstaller([]) { _ in
                try await installation.before(itEnds: "the first is in the middle") { tools.isHolding }
                let objects = try await installation.objects()
                let second = try await installation.install()
                #expect(second.status == 75)
                #expect(
                    second.errors.contains(
                        "Another buildkit-installer process is running on this installation"))
                let third = try await installation.install("--output", "json")
                #expect(third.output.contains(#""outcome":"refused""#), "\(third)")
                #expect(
                    try await installation.objects().map(\.resourceVersion) == objects.map(\.resourceVersion))
                try tools.letGo()
            }
            #expect(first.status == 0, "\(first)")
            try await expectAsUndisturbed(installation)
        }
    }
}
