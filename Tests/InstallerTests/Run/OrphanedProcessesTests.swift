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
