import FoundationEssentials

/// The contents of the kubeconfig's files. They are YAML or JSON, and only kubectl parses them as a whole.
/// https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
struct Kubeconfig: Equatable {
    /// Nil for a file that cannot be read: kubectl reports why.
    private let files: [Data?]

    init(in dependencies: Dependencies) {
        let named = dependencies.environment["KUBECONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let paths = named?.split(separator: ":").map { String($0) } ?? ["\(dependencies.home)/.kube/config"]
        files = paths.map { FileManager.default.contents(atPath: $0) }
    }

    /// Whether a file contains one of these texts.
    func contains(anyOf texts: [String]) -> Bool {
        files.compactMap(\.self).contains { file in
            let content = String(decoding: file, as: UTF8.self)
            return texts.contains { content.contains($0) }
        }
    }

    /// The name of the current context, where a single line tells it; nil: only kubectl knows it.
    ///
    /// The first file that sets it counts. kubectl takes as long for this line as the rest of a short command.
    var currentContext: String? {
        for file in files {
            // kubectl reports a file that cannot be read.
            guard let file else { return nil }
            let text = String(decoding: file, as: UTF8.self)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let isOneDocument = !lines.dropFirst().contains { $0.hasPrefix("---") }
            let settings = lines.filter { $0.hasPrefix("\(Self.key):") }
            // Elsewhere it is part of JSON, of a flow mapping, or of something else.
            guard isOneDocument, settings.count == text.ranges(of: Self.key).count, settings.count < 2
            else {
                return nil
            }
            guard let value = settings.first?.dropFirst(Self.key.count + 1) else { continue }
            guard let name = Self.plain(String(value).trimmed) else { return nil }
            if !name.isEmpty { return name }
        }
        return nil
    }

    private static let key = "current-context"

    /// The text of a scalar that needs no escapes, and that YAML reads as nothing but a text.
    /// - Returns: nil for any other.
    private static func plain(_ value: String) -> String? {
        for quote in ["\"", "'"] where value.count > 1 && value.hasPrefix(quote) && value.hasSuffix(quote) {
            let text = String(value.dropFirst().dropLast())
            return text.utf8.allSatisfy(isPlain) ? text : nil
        }
        guard let first = value.utf8.first else { return "" }
        let isText =
            first.isLetterOrDigit && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
            && value.utf8.allSatisfy(isPlain) && !value.hasSuffix(":")
            && !keywords.contains(value.lowercased())
        return isText ? value : nil
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte.isLetterOrDigit || "._@:/+=-".utf8.contains(byte)
    }

    /// https://yaml.org/type/bool.html, https://yaml.org/type/null.html
    private static let keywords: Set = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
}
