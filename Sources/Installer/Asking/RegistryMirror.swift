/// A registry and the place that BuildKit asks instead of it, written `REGISTRY=MIRROR`.
public struct RegistryMirror: Hashable, Sendable, Codable, CustomStringConvertible {
    public var registry: String
    public var host: String

    public init(registry: String, host: String) {
        self.registry = registry
        self.host = host
    }

    public var description: String { "\(registry)=\(host)" }
}

extension Rule where Value == RegistryMirror {
    static let mirror = Rule(example: "docker.io=mirror.gcr.io", print: { "\($0)" }) { text throws(Refusal) in
        let example = "docker.io=mirror.gcr.io"
        let sides = text.split(separator: "=", omittingEmptySubsequences: false).map(\.trimmed)
        guard sides.count == 2, sides.allSatisfy({ !$0.isEmpty }) else {
            throw Refusal("'\(text)' is not REGISTRY=MIRROR", example: example)
        }
        guard sides.allSatisfy({ $0.allSatisfy { $0.isLetterOrDigit || "-._:/".contains($0) } }),
            !text.contains("://")
        else { throw Refusal("'\(text)' holds what no registry's name holds", example: example) }
        return RegistryMirror(registry: sides[0], host: sides[1])
    }
}
