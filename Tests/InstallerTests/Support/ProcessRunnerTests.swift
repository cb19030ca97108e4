import FoundationEssentials
import Glibc
@testable import Installer
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ProcessRunnerTests {
    @Test func linesOfBothStreamsArriveAsTheyArePrinted() async throws {
        let tools = try FakeTools([.helm: "echo one; echo two >&2; printf three; exit 7"])
        let lines = Collector<OutputLine>()
        let result = try await tools.runner.run(Command(.helm, [])) { lines.add($0) }
        #expect(result == CommandResult(status: 7, output: "one\nthree", errors: "two\n"))
        #expect(lines.all.filter { !$0.isError }.map(\.text) == ["one", "three"])
        #expect(lines.all.filter(\.isError).map(\.text) == ["two"])
    }

    @Test func argumentsVariablesFolderAndInputReachTheTool() async throws {
        let tools = try FakeTools([.kubectl: #"echo "$#:$1:$COLOUR:$SAN"; pwd; cat"#])
        let command = Command(
            .kubectl, ["a b"], environment: ["SAN": "x y"], input: "secret", folder: tools.folder.path)
        let result = try await tools.runner.run(command)
        #expect(result.output == "1:a b:blue:x y\n\(tools.folder.path)\nsecret")
    }

    @Test func aCommandsOwnVariableWinsOverTheWorlds() async throws {
        let tools = try FakeTools([.helm: "echo $COLOUR"])
        let result = try await tools.runner.run(Command(.helm, [], environment: ["COLOUR": "red"]))
        #expect(result.output == "red\n")
    }

    @Test func variablesThatWouldLeadHelmElsewhereDoNotReachIt() async throws {
        let tools = try FakeTools([.helm: "env", .kubectl: "env"])
        let elsewhere = [
            "HELM_KUBEAPISERVER": "https://elsewhere", "HELM_KUBETOKEN": "t", "HELM_KUBEASUSER": "root",
            "HELM_KUBECONTEXT": "other", "HELM_NAMESPACE": "other", "HELM_DEBUG": "true",
            "HELM_DRIVER": "memory",
        ]
        let kept = ["HELM_CACHE_HOME": "/c", "KUBECONFIG": "/k"]
        let runner = ProcessRunner(
            environment: ["PATH": "\(tools.folder.path):/usr/bin:/bin"].merging(elsewhere) { $1 }
                .merging(kept) { $1 })
        let helm = try await runner.run(Command(.helm, [])).output
        for name in elsewhere.keys { #expect(!helm.contains("\(name)="), "\(name)") }
        for (name, value) in kept { #expect(helm.contains("\(name)=\(value)"), "\(name)") }
        // Helm's storage driver is the user's choice, as long as it is persistent.
        let sql = ProcessRunner(
            environment: ["PATH": "\(tools.folder.path):/usr/bin:/bin", "HELM_DRIVER": "configmap"])
        #expect(try await sql.run(Command(.helm, [])).output.contains("HELM_DRIVER=configmap"))
        #expect(try await runner.run(Command(.kubectl, [])).output.contains("HELM_DEBUG=true"))
    }

    @Test func aToolThatIsStoppedHasItsWordsQuoted() async throws {
        let tools = try FakeTools([.kubectl: "echo 'To sign in, enter the code ABCD1234' >&2; sleep 60"])
        await #expect {
            try await tools.runner.run(Command(.kubectl, ["version"], timeout: 1))
        } throws: { error in
            (error as? InstallerError)?.detail == "To sign in, enter the code ABCD1234"
        }
    }

    @Test func aToolThatDoesNotReadItsInputStillTellsItsStatus() async throws {
        let tools = try FakeTools([.kubectl: "exec <&-; echo refused >&2; exit 3"])
        let input = String(repeating: "x", count: 4 << 20)
        let result = try await tools.runner.run(Command(.kubectl, [], input: input))
        #expect(result.status == 3)
        #expect(result.errors == "refused\n")
    }

    @Test func tenMegabytesWithoutALineEndAreReadToTheirEnd() async throws {
        let tools = try FakeTools([.docker: "head -c 10485760 /dev/zero | tr '\\0' x; echo end >&2"])
        let lines = Collector<OutputLine>()
        let result = try await tools.runner.run(Command(.docker, [])) { lines.add($0) }
        #expect(lines.all.filter { !$0.isError }.reduce(0) { $0 + $1.text.utf8.count } == 10_485_760)
        #expect(result.output.utf8.count == BoundedOutput.limit)
        #expect(result.errors == "end\n")
    }

    @Test func aFloodOnBothStreamsBlocksNeither() async throws {
        let flood = "i=0; while [ $i -lt 3000 ]; do echo \"out $i\"; echo \"err $i\" >&2; i=$((i+1)); done"
        let tools = try FakeTools([.docker: flood])
        let lines = Collector<OutputLine>()
        _ = try await tools.runner.run(Command(.docker, [])) { lines.add($0) }
        let expected = (0..<3000).map { "\($0)" }
        #expect(lines.all.filter { !$0.isError }.map(\.text) == expected.map { "out \($0)" })
        #expect(lines.all.filter(\.isError).map(\.text) == expected.map { "err \($0)" })
    }

    @Test func aMissingToolIsAFailureThatSaysWhereToGetIt() async throws {
        let tools = try FakeTools([:])
        await #expect(
            throws: InstallerError(
                "helm not found", detail: "It is not on the PATH.", hint: Tool.helm.remedy,
                code: .toolMissing, subject: "tool/helm")
        ) {
            try await ProcessRunner(environment: ["PATH": tools.folder.path]).run(Command(.helm, ["version"]))
        }
    }

    @Test func aToolThatIsThereAndCannotBeStartedIsNotCalledMissing() async throws {
        let tools = try FakeTools([:])
        let path = "\(tools.folder.path)/helm"
        try Data("#!/no/such -e\necho v3.20.0\n".utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        await #expect(
            throws: InstallerError(
                "helm cannot be started", detail: "\(path): its interpreter /no/such does not exist",
                hint: Tool.helm.remedy, code: .toolUnusable, subject: "tool/helm")
        ) {
            try await ProcessRunner(environment: ["PATH": tools.folder.path]).run(Command(.helm, ["version"]))
        }
    }

    @Test func aToolEndedByASignalHasTheShellsStatus() async throws {
        let tools = try FakeTools([.helm: "kill -9 $$"])
        #expect(try await tools.runner.run(Command(.helm, [])).status == 137)
    }

    @Test func aToolHasASessionOfItsOwnSoThatCtrlCDoesNotReachIt() async throws {
        let tools = try FakeTools([
            .helm: "read pid comm state parent group session rest < /proc/$$/stat; echo $pid $session"
        ])
        let ids = try await tools.runner.run(Command(.helm, [])).output.split(whereSeparator: \.isWhitespace)
        #expect(ids.count == 2)
        #expect(ids.first == ids.last)
    }

    @Test func whatTakesTooLongIsStoppedAndSaysSo() async throws {
        let tools = try FakeTools([.helm: "exec sleep 600"])
        let failure = await #expect(throws: InstallerError.self) {
            try await tools.runner.run(Command(.helm, ["install"], timeout: 1))
        }
        #expect(failure?.message == "helm took longer than 1 seconds and was stopped")
        #expect(failure?.hint == "Command: helm install")
    }

    @Test func cancellingEndsTheToolAndAllThatItStarted() async throws {
        // The shell ends on SIGTERM; its child ignores the signal.
        let tools = try FakeTools([
            .helm: """
            sh -c 'trap "" TERM; echo $$; while :; do sleep 0.05; done' &
            sh -c 'trap "" TERM; echo $$; while :; do sleep 0.05; done' &
            echo $$
            wait
            """
        ])
        let processes = Collector<ProcessMark>()
        let runner = tools.runner
        let task = Task {
            try await runner.run(Command(.helm, [])) { line in
                Int(line.text).map { processes.add(ProcessMark($0)) }
            }
        }
        await eventually { processes.all.count == 3 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await eventually { !processes.all.contains(where: \.isRunning) }
    }

    @Test func aToolThatIgnoresBeingToldIsKilled() async throws {
        let tools = try FakeTools([.helm: "trap '' TERM; echo $$; while :; do sleep 0.05; done"])
        let processes = Collector<ProcessMark>()
        let runner = tools.runner
        let task = Task {
            try await runner.run(Command(.helm, [])) { line in
                Int(line.text).map { processes.add(ProcessMark($0)) }
            }
        }
        await eventually { !processes.all.isEmpty }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await eventually { !processes.all.contains(where: \.isRunning) }
    }

    @Test func aToolThatCleansUpWhenToldIsGivenTheTime() async throws {
        let tools = try FakeTools([
            .helm: "trap 'echo cleaned; exit 0' TERM; echo ready; while :; do sleep 0.01; done"
        ])
        let lines = Collector<String>()
        let runner = tools.runner
        let task = Task {
            // On standard error the shell reports the `sleep` that was ended, too.
            try await runner.run(Command(.helm, [])) { line in if !line.isError { lines.add(line.text) } }
        }
        await eventually { lines.all == ["ready"] }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(lines.all == ["ready", "cleaned"])
    }

    @Test func nothingIsStartedForATaskThatIsCancelledAlready() async throws {
        let tools = try FakeTools([.helm: "touch \"$0.ran\""])
        let runner = tools.runner
        let task = Task {
            await eventually { Task.isCancelled }
            return try await runner.run(Command(.helm, []))
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(!tools.folder.holds("helm.ran"))
    }

    @Test func aDaemonThatKeepsTheOutputOpenDelaysNobody() async throws {
        let tools = try FakeTools([.docker: "sleep 600 & echo $!"])
        let result = try await tools.runner.run(Command(.docker, []))
        let daemon = try #require(Int(result.output.filter(\.isNumber)))
        #expect(ProcessMark(daemon).isRunning)
        kill(pid_t(daemon), SIGKILL)
    }
}

struct LineSplitterTests {
    private func lines(_ pieces: String...) -> [String] {
        var splitter = LineSplitter()
        return pieces.flatMap { splitter.take($0.utf8) } + [splitter.finish()].compactMap { $0 }
    }

    @Test func aLineMayArriveInPieces() { #expect(lines("on", "e\ntw", "o\n") == ["one", "two"]) }
    @Test func theLastLineNeedsNoEnd() { #expect(lines("one\ntwo") == ["one", "two"]) }
    @Test func emptyLinesAreLines() { #expect(lines("\n\none\n") == ["", "", "one"]) }
    @Test func aCarriageReturnEndsALineOnce() {
        #expect(lines("10%\r20%\r", "\n30%\r\n") == ["10%", "20%", "30%"])
    }

    @Test func whatIsNotUTF8IsShownAsSuch() {
        var splitter = LineSplitter()
        #expect(splitter.take([0x61, 0xFF, 0x0A]) == ["a\u{FFFD}"])
    }

    @Test func anEndlessLineComesInPiecesThatCutNoCharacter() {
        let text = String(repeating: "ä", count: LineSplitter.limit)
        let pieces = lines("x" + text)
        #expect(pieces.count == 3)
        #expect(pieces.joined() == "x" + text)
        #expect(pieces.allSatisfy { $0.utf8.count <= LineSplitter.limit })
    }
}
