import FoundationEssentials
import Glibc
@testable import Installer
import Testing

@Suite(.timeLimit(.minutes(10)))
struct LeftoversTests {
    private let installation = InstallationID(
        context: "production", namespace: "buildkit", release: "buildkit")

    /// A run of its own program, which prints its number and stays.
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
            let told = await journal.endLeftovers(in: dependencies)
            #expect(told == ["sleep was still at work for a run that was killed, and has been stopped."])
            #expect(!process.isRunning)
        }
    }

    @Test func whatDoesNotListenIsEndedToo() async throws {
        try await withTool("trap '' TERM; echo $$; while :; do sleep 1; done") {
            process, dependencies, journal in
            let told = await journal.endLeftovers(in: dependencies)
            // The shell, and the program that it runs at the moment.
            #expect(told.contains { $0.hasPrefix("helm ") })
            #expect(!process.isRunning)
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

/// Tools of a look, which belong to no run.
@Suite(.timeLimit(.minutes(10)))
struct AbandonedToolsTests {
    private let installation = InstallationID(
        context: "production", namespace: "buildkit", release: "buildkit")

    /// A tool that was started by the process so named.
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
                    $0.hasPrefix("kubectl was still at work")
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
