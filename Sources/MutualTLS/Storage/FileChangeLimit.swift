import Synchronization

/// Stops all changes of files after so many, wherever that is: a test's way to kill a run at each of them. A file that
/// is written just then is left half-way.
final class FileChangeLimit: Sendable {
    @TaskLocal static var current: FileChangeLimit?

    private let left: Mutex<Int>

    init(_ count: Int) { left = Mutex(count) }

    /// Whether it has been reached.
    var isReached: Bool { left.withLock { $0 < 0 } }

    static let error = CredentialsError(.file, "No file may be changed any more.")

    /// Counts one change.
    static func spend() throws(CredentialsError) {
        guard allowsAnother else { throw error }
    }

    static var allowsAnother: Bool {
        current?.left.withLock {
            $0 -= 1; return $0 >= 0
        } ?? true
    }
}
