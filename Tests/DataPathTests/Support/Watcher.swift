import FoundationEssentials
import MutualTLS
import Synchronization

/// Connects to a proxy twenty times a second, with the files of each of several clients, and counts the results.
final class Watcher: Sendable {
    struct Counts {
        var looks = 0
        /// How often no client was accepted.
        var nobody = 0
        /// How often each client was not accepted, by its folder.
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
        for folder in folders where await refuses(folder) { refused.append(folder) }
        // A connection that was cancelled with the watching does not count.
        guard !Task.isCancelled else { return }
        counts.withLock { counts in
            counts.looks += 1
            if refused.count == folders.count { counts.nobody += 1 }
            for folder in refused { counts.refusals[folder, default: 0] += 1 }
        }
    }

    private func refuses(_ folder: String) async -> Bool {
        while true {
            let files = content(of: folder)
            guard await installation.serial(servedTo: folder) == nil else { return false }
            // Files that were exchanged between their reads are not those of one client.
            if content(of: folder) == files { return true }
        }
    }

    private func content(of folder: String) -> [Data?] {
        ["ca", "cert", "key"].map { try? Data(contentsOf: URL(filePath: "\(folder)/\($0).pem")) }
    }
}
