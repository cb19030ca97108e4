import FoundationEssentials
import Glibc
@testable import Installer
import Testing

@Suite(.timeLimit(.minutes(10)))
struct JournalTests {
    private let folder: TemporaryFolder
    private let path: String
    private let plan = Plan.test([
        Step(id: "one", title: "One", action: .unpackChart(folder: "/chart")),
        Step(id: "two", title: "Two", action: .unpackChart(folder: "/chart")),
    ])

    init() throws {
        folder = try TemporaryFolder()
        path = "\(folder.path)/state/site/journal.jsonl"
    }

    private let time = TestClock.start

    /// A run that stopped in the middle of its second step.
    private var events: [RunEvent] {
        [
            .began(plan: plan, at: time), .started(step: "one", at: time), .finished(step: "one", at: time),
            .started(step: "two", at: time),
        ]
    }

    @Test func aRunThatNeverEndedIsFound() throws {
        do {
            let journal = try Journal(at: path)
            events.forEach(journal.record)
            #expect(journal.failure == nil)
        }
        let found = try #require(Journal.interruptedRun(at: path))
        #expect(found.journal == path)
        #expect(found.run.plan == plan)
        #expect(found.run.current?.id == "two")
        #expect(found.run == events.reduce(into: RunState(plan)) { $0.apply($1) })
    }

    @Test func aRunThatEndedIsNotUnfinished() throws {
        do {
            let journal = try Journal(at: path)
            (events + [.ended(at: time)]).forEach(journal.record)
        }
        #expect(Journal.interruptedRun(at: path) == nil)
    }

    @Test func aRunWhoseWorkWasKeptIsUnfinishedToo() throws {
        let failed = RunEvent.failed(step: "two", failure: InstallerError("no"), at: time)
        do {
            let journal = try Journal(at: path)
            (events + [failed, .ended(at: time)]).forEach(journal.record)
        }
        #expect(Journal.interruptedRun(at: path)?.run.wasKept == true)
        do {
            let journal = try Journal(at: path)
            #expect(journal.interruptedRun?.run.wasKept == true)
            (events + [failed, .undone(step: "two", at: time), .ended(at: time)]).forEach(journal.record)
        }
        #expect(Journal.interruptedRun(at: path) == nil)
    }

    @Test func withoutAJournalNothingIsUnfinished() { #expect(Journal.interruptedRun(at: path) == nil) }

    @Test func onlyTheUserMayReadIt() throws {
        let before = umask(0)
        defer { umask(before) }
        let journal = try Journal(at: path)
        events.forEach(journal.record)
        #expect(try folder.mode(of: "state/site") == 0o700)
        #expect(try folder.mode(of: "state/site/journal.jsonl") == 0o600)
        #expect(try folder.mode(of: "state/site/lock") == 0o600)
    }

    @Test func whatToolsPrintIsNotKept() throws {
        let journal = try Journal(at: path)
        let chatter: [RunEvent] = [
            .printed(step: "two", line: OutputLine("chatter")), .pods(step: "two", pods: [], at: time),
        ]
        (events + chatter).forEach(journal.record)
        #expect(!(try folder.text(of: "state/site/journal.jsonl")).contains("chatter"))
    }

    @Test func asLongAsARunIsAtWorkNoOtherBegins() throws {
        let journal = try Journal(at: path)
        events.forEach(journal.record)
        let failure = #expect(throws: InstallerError.self) { try Journal(at: path) }
        #expect(failure?.message == "Another buildkit-installer process is running on this installation")
        #expect(Journal.interruptedRun(at: path) == nil)
        #expect(journal.path == path)
    }

    @Test func theLastRunsJournalStaysUntilTheNextOneHasBegun() throws {
        do {
            let first = try Journal(at: path)
            events.forEach(first.record)
        }
        let second = try Journal(at: path)
        let kept = try folder.text(of: "state/site/journal.jsonl")
        #expect(kept.split(separator: "\n").count == events.count)
        second.record(events[0])
        #expect(try folder.text(of: "state/site/journal.jsonl") == "\(events[0].json)\n")
    }

    /// After a power failure or SIGKILL with any part of the last line, all complete lines before it are read.
    @Test func aJournalThatEndsAtAnyByteTellsWhatWasWhole() throws {
        let whole = Array(events.map { "\($0.json)\n" }.joined().utf8)
        let ends = whole.indices.filter { whole[$0] == UInt8(ascii: "\n") }
        for count in 0...whole.count {
            let run = Journal.run(from: whole.prefix(count))
            // A line without its line feed is also complete if its last brace is present.
            let known = ends.filter { $0 <= count }.count
            let expected = events.prefix(known)
            #expect(run == (expected.isEmpty ? nil : expected.reduce(into: RunState(plan)) { $0.apply($1) }))
        }
    }

    @Test func aProcessThatIsKilledLetsTheNextRunIn() async throws {
        let lock = "\(folder.path)/state/site/lock"
        try folder.write("", to: "state/site/lock")
        // The shell holds the lock like a run, and is killed like a run.
        let tools = try FakeTools([.helm: "exec 9>'\(lock)'; flock 9; echo $$; exec sleep 600 9>&9"])
        let processes = Collector<ProcessMark>()
        let runner = tools.runner
        let task = Task {
            try await runner.run(Command(.helm, [])) { line in
                Int(line.text).map { processes.add(ProcessMark($0)) }
            }
        }
        await eventually { !processes.all.isEmpty }
        #expect(throws: InstallerError.self) { try Journal(at: path) }
        for process in processes.all { kill(pid_t(process.number), SIGKILL) }
        _ = try await task.value
        _ = try Journal(at: path)
    }

    @Test func aJournalThatCannotBeWrittenIsSaidAndStopsNothing() throws {
        let journal = try Journal(at: path)
        // A folder in the place of the new journal.
        try folder.write("", to: "state/site/journal.jsonl.new/x")
        events.forEach(journal.record)
        #expect(journal.failure?.message == "\(path).new could not be opened")
    }
}
