import FoundationEssentials
import MutualTLS
import Synchronization

/// Connects to a proxy twenty times a second, with each of several clients' files, and counts who gets along with it.
final class Watcher: Sendable {
    struct Counts {
        var looks = 0
        /// How often nobody was let in.
        var nobody = 0
        /// How often each client was not let in, by its folder.
        var refusals: [String: Int] = [:]
    }

    private let counts = Mutex(Counts())
    private let installation: Installation
    private let folders: [String]

    init(_ installation: Installation, folders: [String]) {
        self.installation = installation
        self.folders = folders
    }

    func whileWatching(_ body: () async throws -> Void) async throws -> Counts {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    await self.look()
                    try? await Task.sleep(for: .milliseconds(50))
                }
            }
            defer { group.cancelAll() }
            try await body()
        }
        return counts.withLock(\.self)
    }

    private func look() async {
        var refused: [String] = []
        for folder in folders where await installation.serial(servedTo: folder) == nil {
            refused.append(folder)
        }
        // What was broken off together with the watching says nothing.
        guard !Task.isCancelled else { return }
        counts.withLock { counts in
            counts.looks += 1
            if refused.count == folders.count { counts.nobody += 1 }
            for folder in refused { counts.refusals[folder, default: 0] += 1 }
        }
    }
}
