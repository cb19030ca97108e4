import FoundationEssentials
import Synchronization

/// A clock that advances only by waiting.
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
