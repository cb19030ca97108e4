import FoundationEssentials

/// Asks buildx for a builder's state.
struct BuilderLook: Sendable {
    let builder: String

    /// How long BuildKit may take to answer, in seconds: one that is held by its proxy would keep us for minutes.
    private static let patience = 20
    /// How long an answer may still come once a connection has failed: a name may have several addresses.
    private static let grace = Duration.seconds(3)

    /// buildx prints registered platforms as if the worker had them, so it is asked with a copy of its own files in
    /// which none is registered.
    func state(in world: World) async throws -> BuilderState {
        let scratch = Scratch(nonce: world.nonce(), environment: world.environment)
        try scratch.make()
        defer { scratch.remove() }
        let own = BuildxState(of: world)
        let name = "instances/\(builder)"
        let instance = try JSONDecoder().decode(
            JSONValue.self, from: Data(ofFile: "\(own.buildx)/\(name)"))
        try PrivateFile.makeFolder("\(scratch.path)/instances")
        try PrivateFile.write(instance.withoutPlatforms.text.utf8, to: "\(scratch.path)/\(name)")
        var command = Buildx.inspect(builder)
        command.environment["BUILDX_CONFIG"] = scratch.path
        command.timeout = Self.patience
        return try await state(command, in: world)
    }

    private func state(_ command: Command, in world: World) async throws -> BuilderState {
        let (reasons, found) = AsyncStream.makeStream(of: String.self)
        return try await withThrowingTaskGroup(of: BuilderState?.self) { group in
            group.addTask {
                defer { found.finish() }
                do {
                    let result = try await world.runner.run(command) { line in
                        for reason in GRPCLog(line.text).reasons { found.yield(reason) }
                    }
                    guard result.status == 0 else { throw Failure(command, result) }
                    return BuilderState(result)
                } catch let failure as Failure {
                    return .silent([failure.message, failure.detail].compactMap { $0 })
                }
            }
            group.addTask {
                for await reason in reasons {
                    try await world.pause(Self.grace)
                    return .silent([reason])
                }
                return nil
            }
            defer { group.cancelAll() }
            while let state = try await group.next() {
                if let state { return state }
            }
            throw CancellationError()
        }
    }
}

extension JSONValue {
    /// A builder of buildx as if no platform had been registered.
    fileprivate var withoutPlatforms: JSONValue {
        var builder = object
        builder["Nodes"] = .array(
            (builder["Nodes"]?.array ?? []).map { node in
                var node = node.object
                node["Platforms"] = .null
                return .object(node)
            })
        return .object(builder)
    }
}
