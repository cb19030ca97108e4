import FoundationEssentials
import Synchronization

@testable import Installer

extension World {
    /// A world of which nothing is real but the folder: pausing moves the clock, and nonces are counted.
    static func test(_ runner: any CommandRunner, home: String = "/nowhere") -> World {
        let clock = TestClock()
        return World(
            runner: runner, environment: ["TMPDIR": home], home: home, now: { clock.now },
            pause: { duration in
                try Task.checkCancellation()
                clock.advance(by: Double(duration.components.seconds))
            }, nonce: { clock.nonce() })
    }
}

/// A clock that stands still unless somebody waits.
final class TestClock: Sendable {
    static let start = Date(timeIntervalSince1970: 1_795_000_000)

    private let state = Mutex((now: TestClock.start, nonces: 0))

    var now: Date { state.withLock { $0.now } }
    func advance(by seconds: Double) { state.withLock { $0.now += seconds } }

    func nonce() -> String {
        state.withLock {
            $0.nonces += 1
            return "nonce-\($0.nonces)"
        }
    }
}
