import Synchronization
import Terminal
import Testing

@MainActor
struct MemoryScreenTests {
    private func frame(_ text: String) -> Frame {
        var frame = Frame(size: Size(columns: 20, rows: 1))
        frame.write(text, at: Point(column: 0, row: 0))
        return frame
    }

    @Test func theScriptIsPlayedAndThenTheTerminalIsGone() {
        let screen = MemoryScreen(script: .typing("ab") + .keys(.tab, .enter))
        #expect(screen.next() == .key(.character("a")))
        #expect(screen.next() == .key(.character("b")))
        #expect(screen.unplayed == 2)
        #expect(screen.next() == .key(.tab))
        #expect(screen.next() == .key(.enter))
        #expect(screen.next() == .closed)
        #expect(screen.next(within: .zero) == .closed)
        #expect(screen.failure == nil)
    }

    @Test func aNewSizeIsTheScreens() {
        let screen = MemoryScreen(script: [.resized(columns: 60, rows: 18)])
        #expect(screen.next() == .resized(Size(columns: 60, rows: 18)))
        #expect(screen.size == Size(columns: 60, rows: 18))
    }

    @Test func framesAreKeptAsTheyWouldBeShown() {
        let screen = MemoryScreen(size: Size(columns: 5, rows: 1), script: [], glyphs: .ascii)
        screen.show(frame("✓ finished"))
        #expect(screen.frames.map(\.text) == ["+ fin"])
        #expect(screen.text == "+ fin")
    }

    @Test func aTaskIsWaitedForWithoutSleeping() {
        let screen = MemoryScreen(
            size: Size(columns: 20, rows: 1), script: [.waitFor("3 of 3"), .key(.enter)])
        let counter = Counter()
        let waker = screen.waker
        Task.detached {
            for _ in 1...3 {
                counter.done.withLock { $0 += 1 }
                waker.wake()
                await Task.yield()
            }
        }
        var event: Event?
        repeat {
            screen.show(frame("\(counter.done.withLock { $0 }) of 3"))
            event = screen.next()
        } while event == .woken
        #expect(event == .key(.enter))
        #expect(screen.text == "3 of 3")
    }

    @Test func aWaitInVainEndsTheProgramAndSaysWhatItWaitedFor() {
        let screen = MemoryScreen(script: [.waitFor("never"), .key(.enter)], patience: .milliseconds(1))
        screen.show(frame("something else"))
        #expect(screen.next() == .closed)
        #expect(screen.failure == "waited in vain for 'never'; the frame was:\nsomething else" + blankRows)
        #expect(screen.unplayed == 2)
    }

    @Test func aProgramThatOnlyLetsTimePassDoesNotLastForEver() {
        let screen = MemoryScreen(script: [.waitFor("never")], patience: .milliseconds(5))
        var event: Event?
        repeat { event = screen.next(within: .milliseconds(1)) } while event == nil
        #expect(event == .closed)
    }

    @Test func copiesAreKept() {
        let screen = MemoryScreen(script: [])
        #expect(screen.copy("one") && screen.copy("two"))
        #expect(screen.copied == ["one", "two"])
    }

    @Test func givingTheTerminalBackIsCounted() {
        let screen = MemoryScreen(script: [])
        #expect(screen.suspended { 7 } == 7)
        #expect(screen.suspensions == 1)
    }

    private let blankRows = String(repeating: "\n", count: 23)
}

/// Shared by a task and the test.
private final class Counter: Sendable {
    let done = Mutex(0)
}
