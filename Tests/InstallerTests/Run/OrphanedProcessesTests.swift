import FoundationEssentials
import Glibc
@testable import Installer
import Testing

@Suite(.timeLimit(.minutes(10)))
struct LeftoversTests {
    private let installation = InstallationID(
        context: "production", namespace: "buildkit", release: "buildkit")

    /// Runs a tool of a run, a script that prints its process number and continues to run.
    private func withTool(
        _ script: String,
        body: (_ process: ProcessMark, _ dependencies: Dependencies, _ journal: Journal) async throws -> Void
    ) async throws {
        let tools = try FakeTools([.helm: script])
        let processes = Collector<ProcessMark>()
        let dependencies = Dependencies(runner: tools.runner, environment: [:], home: tools.folder.path)
        let journal = try Journal(at: dependencies.places.journal(of: installation))
        let runner = dependencies.marked(as: installation).runner
        let task = Task {
            try await runner.run(Command(.helm, [], timeout: 600)) {
                Int($0.text).map { processes.add(ProcessMark($0)) }
            }
        }
        await eventually { !processes.all.isEmpty }
        let process = try #require(processes.all.first)
        try await body(process, dependencies, journal)
        kill(-pid_t(process.number), SIGKILL)
        _ = try await task.value
    }

    @Test func whatAnEarlierRunLeftAtWorkIsEndedAndNamed() async throws {
        try await withTool("echo $$; exec sleep 600") { process, dependencies, journal in
            await eventually {
                (try? String(contentsOfFile: "/proc/\(process.number)/comm", encoding: .utf8)) == "sleep\n"
            }
            let told = await journal.endLeftovers(in: dependencies)
            #expect(told == ["Stopped the leftover process sleep of a killed run."])
            #expect(!process.isRunning)
        }
    }

    @Test func whatDoesNotListenIsEndedToo() async throws {
        try await withTool("trap '' TERM; echo $$; while :; do sleep 1; done") {
            process, dependencies, journal in
            let told = await journal.endLeftovers(in: dependencies)
            // The shell, and its current child process.
            #expect(told.contains { $0.contains("process helm") })
            #expect(!process.isRunning)
        }
    }

    /// As an exec plugin of the kubeconfig starts it, which signs in once.
    @Test func anAgentThatKeepsALoginStays() async throws {
        let script = """
            setsid sleep 600 </dev/null >/dev/null 2>&1 &
            echo $!
            while :; do sleep 1; done
            """
        try await withTool(script) { agent, dependencies, journal in
            await eventually {
                (try? String(contentsOfFile: "/proc/\(agent.number)/comm", encoding: .utf8)) == "sleep\n"
            }
            let told = await journal.endLeftovers(in: dependencies)
            #expect(told.contains("Stopped the leftover process helm of a killed run."))
            #expect(agent.isRunning)
        }
    }

    @Test func theToolsOfAnotherInstallationAreLeftAlone() async throws {
        try await withTool("echo $$; exec sleep 600") { process, dependencies, _ in
            let other = InstallationID(context: "production", namespace: "buildkit", release: "second")
            let journal = try Journal(at: dependencies.places.journal(of: other))
            #expect(await journal.endLeftovers(in: dependencies) == [])
            #expect(process.isRunning)
        }
    }
}

/// Tools of a query, which belong to no run.
@Suite(.timeLimit(.minutes(10)))
struct AbandonedToolsTests {
    private let installation = InstallationID(
        context: "production", namespace: "buildkit", release: "buildkit")

    /// A tool that was started by the process with this identity.
    private func withTool(
        _ tool: Tool = .kubectl, startedBy starter: String,
        body: (ProcessMark, Dependencies, Journal) async throws -> Void
    ) async throws {
        let tools = try FakeTools([tool: "echo $$; while :; do sleep 1; done"])
        let processes = Collector<ProcessMark>()
        let dependencies = Dependencies(runner: tools.runner, environment: [:], home: tools.folder.path)
        let runner = tools.runner.marked([OrphanedProcesses.starter: "\(starter) \(dependencies.home)"])
        let task = Task {
            try await runner.run(Command(tool, [], timeout: 600)) {
                Int($0.text).map { processes.add(ProcessMark($0)) }
            }
        }
        await eventually { !processes.all.isEmpty }
        let process = try #require(processes.all.first)
        try await body(process, dependencies, try Journal(at: dependencies.places.journal(of: installation)))
        kill(-pid_t(process.number), SIGKILL)
        _ = try await task.value
    }

    private func identity(replacing number: Int) throws -> String {
        var parts = "\(try #require(ProcessIdentity(of: getpid())))".split(separator: " ").map(String.init)
        parts[1] = "\(number)"
        return parts.joined(separator: " ")
    }

    @Test func aToolWhoseStarterIsGoneIsEnded() async throws {
        // No process has this number, or it was started at another time.
        try await withTool(startedBy: identity(replacing: 4_000_000)) { process, dependencies, journal in
            #expect(
                await journal.endLeftovers(in: dependencies).contains {
                    $0.hasPrefix("Stopped the leftover process kubectl")
                })
            #expect(!process.isRunning)
        }
    }

    @Test func aToolWhoseStarterIsAtWorkStays() async throws {
        try await withTool(startedBy: identity(replacing: Int(getpid()))) { process, dependencies, journal in
            #expect(await journal.endLeftovers(in: dependencies) == [])
            #expect(process.isRunning)
        }
    }

    @Test func nothingIsSaidOfAProcessOfAnotherContainer() async throws {
        try await withTool(startedBy: "pid:[1] 4000000 1") { process, dependencies, journal in
            #expect(await journal.endLeftovers(in: dependencies) == [])
            #expect(process.isRunning)
        }
    }
}
