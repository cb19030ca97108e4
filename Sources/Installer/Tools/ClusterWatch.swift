import FoundationEssentials
import Synchronization

/// Wakes a wait when objects of the cluster change.
///
/// It only says when to read again: what is concluded comes from the same reads as without it, so an event that is
/// lost or misunderstood costs time and nothing else. Without a shared connection, or where the objects cannot be
/// watched, the wait reads at intervals.
///
/// https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
final class ClusterWatch: Sendable {
    /// The longest time between two reads while all objects are watched.
    private static let longest = Duration.seconds(2)

    private struct State {
        /// The number of streams that are needed to see every change.
        var needed = 0
        var open = 0
    }

    private let dependencies: Dependencies
    private let state = Mutex(State())
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    private init(_ dependencies: Dependencies) {
        self.dependencies = dependencies
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Runs a body that waits for a change of the objects that a command reads, and ends the watch with it.
    static func during<Result: Sendable>(
        _ look: Command, in dependencies: Dependencies, _ body: (ClusterWatch) async throws -> Result
    ) async throws -> Result {
        let watch = ClusterWatch(dependencies)
        async let _: Void = watch.follow(look)
        return try await body(watch)
    }

    /// Waits until something may have changed.
    /// - Parameters:
    ///   - interval: the time between two reads where changes are not seen.
    ///   - shortest: the time between two reads where changes are seen.
    ///   - end: the end of the whole wait.
    func pause(_ interval: Duration, atLeast shortest: Duration = .zero, until end: Date) async throws {
        guard dependencies.runner is ClusterConnection else { return try await dependencies.pause(interval) }
        let seesAll = state.withLock { $0.needed > 0 && $0.open == $0.needed }
        let left = Duration.seconds(end.timeIntervalSince(dependencies.now()))
        let length = seesAll ? max(interval, min(Self.longest, left)) : interval
        if seesAll, shortest > .zero { try await dependencies.pause(shortest) }
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [dependencies, wake] in
                try await dependencies.pause(length)
                wake.yield()
            }
            // The stream ends with the task that reads it, so the clock must not be another reader.
            var changes = wakes.makeAsyncIterator()
            _ = await changes.next()
            group.cancelAll()
        }
        try Task.checkCancellation()
    }

    private func follow(_ look: Command) async {
        guard let connection = dependencies.runner as? ClusterConnection, let request = APIRequest(look),
            let server = await connection.server(of: request)
        else { return }
        let lists = request.watched
        state.withLock { $0.needed = lists.count }
        await withTaskGroup(of: Void.self) { group in
            for list in lists {
                group.addTask {
                    // A server ends each stream after some time; one that ended without an event may do so at once.
                    while !Task.isCancelled, (try? await self.stream(list, from: server)) == true {}
                }
            }
        }
    }

    /// Follows the changes of a list until the server ends the stream.
    /// - Returns: whether there were any.
    /// - Throws: where it cannot be watched; `CancellationError`.
    private func stream(_ list: APIRequest.List, from server: HTTPExchange.Server) async throws -> Bool {
        let selection = list.query.isEmpty ? "" : "&\(list.query)"
        let now = try await HTTPExchange(server: server, path: "\(list.path)?limit=1\(selection)").answer()
        guard now.status == 200, let version = try JSONValue(text: now.body).resourceVersion else {
            throw Unwatched()
        }
        var isOpen = false
        var hasChanged = false
        defer {
            if isOpen { state.withLock { $0.open -= 1 } }
            wake.yield()
        }
        try await HTTPExchange(
            server: server, path: "\(list.path)?watch=1&resourceVersion=\(version)\(selection)"
        ).receive { status, bytes in
            guard status == 200 else { throw Unwatched() }
            if isOpen {
                hasChanged = hasChanged || !bytes.isEmpty
            } else {
                isOpen = true
                state.withLock { $0.open += 1 }
            }
            // Also at the start: what happened before this version was read has no event.
            wake.yield()
        }
        return hasChanged
    }

    private struct Unwatched: Error {}
}

extension APIRequest {
    /// The lists whose changes are those of the objects that it reads.
    fileprivate var watched: [List] {
        switch question {
        case .lists(let lists): lists
        case .objects(let paths, _, _):
            paths.map { path in
                let words = path.split(separator: "/")
                return List(
                    path: "/" + words.dropLast().joined(separator: "/"),
                    query: "fieldSelector=metadata.name%3D\(words.last ?? "")")
            }
        case .version, .raw, .posts: []
        }
    }
}
