import FoundationEssentials

/// The output of `docker buildx inspect`. The exit status is not meaningful: it is 0 for an unreachable builder too.
struct InspectOutput {
    let text: String
    let isRunning: Bool

    init(_ text: String) {
        self.text = text
        let states = text.split(separator: "\n").filter { $0.hasPrefix("Status:") }
            .map { String($0.dropFirst("Status:".count)).trimmed }
        isRunning = !states.isEmpty && states.allSatisfy { $0 == "running" }
    }
}

/// gRPC's own log, which contains the reason of a failed connection, where buildx only reports the failure.
struct GRPCLog {
    /// The text of each failure's `desc`, in order, without duplicates.
    let reasons: [String]

    init(_ text: String) {
        var reasons: [String] = []
        for line in text.split(separator: "\n") {
            if let reason = Self.quoted(line), !reasons.contains(reason) { reasons.append(reason) }
        }
        self.reasons = reasons
    }

    /// The Go string after `desc = `, with its escaped quotes and backslashes decoded.
    private static func quoted(_ line: Substring) -> String? {
        guard let start = line.firstRange(of: "connection error: desc = \"") else { return nil }
        var out = ""
        var isEscaped = false
        for character in line[start.upperBound...] {
            switch character {
            case "\\" where !isEscaped: isEscaped = true
            case "\"" where !isEscaped: return out
            default:
                out.append(character)
                isEscaped = false
            }
        }
        return nil
    }
}

/// The state of a builder as buildx reports it.
struct BuilderState: Equatable, Sendable {
    var isRunning: Bool
    /// The platforms of BuildKit's worker.
    var platforms: [String]
    /// The reasons in gRPC's log.
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
    /// The platforms on the `Platforms:` line; a star marks registered ones.
    fileprivate var platforms: [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("Platforms:") }
            .flatMap { $0.dropFirst("Platforms:".count).split(separator: ",") }
            .map { String($0).trimmed.replacing("*", with: "") }.filter { !$0.isEmpty }
    }
}
