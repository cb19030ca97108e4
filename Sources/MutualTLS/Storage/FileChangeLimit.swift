import Synchronization

/// Stops all file changes after a given number: tests use it to simulate a kill at each change. A file that is being
/// written at that moment is left incomplete.
final class FileChangeLimit: Sendable {
    @TaskLocal static var current: FileChangeLimit?

    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    /// Whether the limit has been exceeded.
    var isReached: Bool { left.withLock { $0 < 0 } }

    static let error = CredentialsError(.unwritable, "No further file changes are allowed.")

    /// Counts a change.
    static func spend() throws(CredentialsError) {
        guard allowsAnother else { throw error }
    }

    static var allowsAnother: Bool {
        current?.left.withLock {
            $0 -= 1; return $0 >= 0
        } ?? true
    }
}
