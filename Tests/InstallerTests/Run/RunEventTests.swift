import FoundationEssentials
@testable import Installer
import Testing

struct RunEventTests {
    private static let time = Date(timeIntervalSince1970: 1_795_372_079.25)
    private static let step = Step(
        id: "release", title: "Install", action: .run(command: Command(.helm, ["list"])))
    private static let failure = InstallerError("It failed", detail: "why", hint: "do this")

    private static let cases: [(RunEvent, String)] = [
        (
            .started(step: "release", at: time),
            #"{"at":"2026-11-22T18:27:59.250Z","event":"started","step":"release"}"#
        ),
        (
            .printed(step: "release", line: OutputLine("a/b \"c\"")),
            #"{"event":"printed","step":"release","stream":"output","text":"a/b \"c\""}"#
        ),
        (
            .printed(step: "release", line: OutputLine("no", isError: true)),
            #"{"event":"printed","step":"release","stream":"error","text":"no"}"#
        ),
        (
            .pods(
                step: "release", pods: [PodProgress(name: "a-1", state: "ready", isReady: true, restarts: 2)],
                at: time),
            #"{"at":"2026-11-22T18:27:59.250Z","event":"pods","#
                + #""pods":[{"name":"a-1","ready":true,"restarts":2,"state":"ready"}],"step":"release"}"#
        ),
        (
            .finished(step: "release", at: time),
            #"{"at":"2026-11-22T18:27:59.250Z","event":"finished","step":"release"}"#
        ),
        (
            .failed(step: "release", failure: failure, at: time),
            #"{"at":"2026-11-22T18:27:59.250Z","event":"failed","#
                + #""failure":{"code":"Failed","detail":"why","hint":"do this","message":"It failed"},"step":"release"}"#
        ),
        (
            .interrupted(step: "release", at: time),
            #"{"at":"2026-11-22T18:27:59.250Z","event":"interrupted","step":"release"}"#
        ),
        (
            .undoing(step: "release", at: time),
            #"{"at":"2026-11-22T18:27:59.250Z","event":"undoing","step":"release"}"#
        ),
        (
            .undone(step: "release", at: time),
            #"{"at":"2026-11-22T18:27:59.250Z","event":"undone","step":"release"}"#
        ),
        (
            .undoFailed(step: "release", failure: InstallerError("No"), at: time),
            #"{"at":"2026-11-22T18:27:59.250Z","event":"undo-failed","failure":{"code":"Failed","message":"No"},"step":"release"}"#
        ),
        (.ended(at: time), #"{"at":"2026-11-22T18:27:59.250Z","event":"ended"}"#),
    ]

    @Test(arguments: cases)
    func anEventIsOneFlatObjectWithItsTimeFirst(event: RunEvent, line: String) throws {
        #expect(event.json == line)
        #expect(try RunEvent(json: line.utf8) == event)
    }

    @Test func theFirstEventHoldsThePlan() throws {
        let event = RunEvent.began(plan: .test([Self.step]), at: Self.time)
        #expect(
            event.json.hasPrefix(
                #"{"at":"2026-11-22T18:27:59.250Z","event":"began","plan":{"differences":[],"#))
        #expect(!event.json.contains("\n"))
        #expect(try RunEvent(json: event.json.utf8) == event)
    }
}
