import FoundationEssentials
@testable import Installer

extension Dependencies {
    /// Dependencies in which only the folder is real; without a folder none can be created. Pausing advances the
    /// clock, and nonces are counted.
    static func test(_ runner: any CommandRunner, home: String = "/dev/null/home") -> Dependencies {
        let clock = TestClock()
        return Dependencies(
            runner: runner, environment: ["TMPDIR": home], home: home, now: { clock.now },
            pause: { duration in
                try Task.checkCancellation()
                clock.advance(by: duration / .seconds(1))
            }, nonce: { clock.nonce() })
    }
}
