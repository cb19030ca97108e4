import FoundationEssentials
@testable import Installer
import LabSupport
import Synchronization
import Testing

/// Kubeconfigs whose login is slow, requires user input, or cannot run concurrently.
@Suite struct LoginPluginTests {
    /// A cluster whose login prints where to sign in, and fails while another one is in progress.
    private final class OnceAtATime: CommandRunner {
        private struct State {
            var running = 0
            var most = 0
            var commands: [String] = []
            var refusals = 0
        }

        private let state = Mutex(State())
        let isReachable: Bool

        init(isReachable: Bool = true) { self.isReachable = isReachable }

        var commands: [String] { state.withLock { $0.commands } }
        var refusals: Int { state.withLock { $0.refusals } }

        func run(
            _ command: Command, eachLine: @escaping @Sendable (OutputLine) async -> Void
        ) async throws -> CommandResult {
            try Task.checkCancellation()
            guard command.tool == .kubectl, !command.arguments.contains("config"),
                !command.arguments.contains("--client")
            else { return CommandResult(status: 1, errors: "Error: release: not found\n") }
            let isAlone = state.withLock { state in
                state.commands.append(command.description)
                state.running += 1
                if state.running > 1 { state.refusals += 1 }
                return state.running == 1
            }
            defer { state.withLock { $0.running -= 1 } }
            if command.arguments.first == "version" {
                await eachLine(OutputLine("To sign in, enter the code ABCD1234", isError: true))
                return isReachable
                    ? CommandResult(output: #"{"serverVersion": {"gitVersion": "v1.36.2"}}"#)
                    : CommandResult(status: 1, errors: "error: getting credentials: the code has expired\n")
            }
            // Long enough for the others to start.
            for _ in 0..<100 { await Task.yield() }
            guard isAlone else {
                return CommandResult(
                    status: 1, errors: "error: listen tcp 127.0.0.1:8000: address already in use\n")
            }
            return CommandResult()
        }
    }

    private func collect(
        _ runner: OnceAtATime, kubeconfig: String
    ) async throws -> (facts: Facts, notices: [String]) {
        let folder = try TemporaryFolder()
        try folder.write(kubeconfig, to: "config")
        let notices = Collector<String>()
        var dependencies = Dependencies(
            runner: runner, environment: ["KUBECONFIG": "/nonexistent:\(folder.path)/config"],
            home: folder.path)
        dependencies.notice = { notices.add($0) }
        let facts = await FactCollector(dependencies: dependencies, answers: Answers(), including: [.tools])
            .complete()
        return (facts, notices.all)
    }

    private let withLogin = "users:\n- name: ada\n  user:\n    exec:\n      command: kubelogin\n"

    @Test func oneLookupWaitsForTheLoginBeforeTheOthersBegin() async throws {
        let runner = OnceAtATime()
        let (facts, notices) = try await collect(runner, kubeconfig: withLogin)
        #expect(runner.commands.first == "kubectl version --output json --request-timeout=120s")
        #expect(facts.server == .known("1.36.2"))
        #expect(notices == ["To sign in, enter the code ABCD1234"])
        #expect(facts.loginWords == notices)
    }

    @Test func whatLostAgainstAnotherLoginIsAskedAgain() async throws {
        let runner = OnceAtATime()
        let (facts, _) = try await collect(runner, kubeconfig: withLogin)
        #expect(facts.namespace.value?.exists == false)
        #expect(facts.service == .known(nil))
        #expect(facts.cacheClaim == .known(nil))
        let words = [
            facts.namespace.failure, facts.service.failure, facts.cacheClaim.failure, facts.secrets.failure,
        ]
        #expect(!words.contains { $0?.detail?.contains("already in use") == true })
    }

    @Test func aLoginThatFailsIsQuotedAndNothingElseIsAsked() async throws {
        let runner = OnceAtATime(isReachable: false)
        let (facts, _) = try await collect(runner, kubeconfig: withLogin)
        #expect(runner.commands.count == 1)
        #expect(facts.server.failure?.detail?.contains("the code has expired") == true)
        #expect(facts.namespace.failure != nil)
        let results = Checks.install.results(facts, Answers())
        #expect(results.areComplete)
        #expect(!results.allowPlan)
    }

    @Test func aLoginThatTakesTooLongIsNamedWithWhatAllowsMoreTime() async throws {
        let folder = try TemporaryFolder()
        try folder.write(withLogin, to: "config")
        // Only what asks the server waits for the login.
        let script = """
            case "$*" in *request-timeout*) echo 'Enter the code ABCD1234' >&2; exec sleep 60;; esac
            exit 1
            """
        try StandIn.write(script, to: "\(folder.path)/kubectl")
        let environment = ["PATH": "\(folder.path):/usr/bin:/bin", "KUBECONFIG": "\(folder.path)/config"]
        var answers = Answers()
        (answers.context, answers.loginTimeout) = ("production", 1)
        let facts = await FactCollector(
            dependencies: Dependencies(
                runner: ProcessRunner(environment: environment), environment: environment, home: folder.path),
            answers: answers
        ).complete()
        let failure = try #require(facts.server.failure)
        #expect(failure.message == "The login to the cluster took longer than 1 s")
        #expect(failure.detail == "Enter the code ABCD1234")
        #expect(failure.hint?.hasSuffix("Or allow more time: --login-timeout 3") == true)
        #expect(failure.code == .toolTimedOut)
    }

    @Test func withoutALoginNothingWaits() async throws {
        let runner = OnceAtATime()
        let (_, notices) = try await collect(
            runner, kubeconfig: "users:\n- name: ada\n  user:\n    token: x\n")
        #expect(runner.commands.contains("kubectl version --output json --request-timeout=5s"))
        #expect(notices.isEmpty)
    }
}
