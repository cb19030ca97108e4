import FoundationEssentials

/// What buildx says of a builder.
struct BuilderState: Equatable, Sendable {
    var isRunning: Bool
    /// What BuildKit's worker builds for.
    var platforms: [String]
    /// What gRPC's log gave as reasons.
    var reasons: [String]
}

extension BuilderState {
    /// A builder that does not answer.
    static func silent(_ reasons: [String]) -> Self {
        Self(isRunning: false, platforms: [], reasons: reasons)
    }

    init(_ result: CommandResult) {
        let output = InspectOutput(result.output)
        self.init(
            isRunning: output.isRunning, platforms: output.platforms,
            reasons: GRPCLog(result.errors).reasons)
    }
}

extension InspectOutput {
    /// What `Platforms:` lists; a star marks what was registered.
    fileprivate var platforms: [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("Platforms:") }
            .flatMap { $0.dropFirst("Platforms:".count).split(separator: ",") }
            .map { String($0).trimmed.replacing("*", with: "") }.filter { !$0.isEmpty }
    }
}
