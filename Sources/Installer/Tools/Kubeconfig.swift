import FoundationEssentials

/// The contents of the kubeconfig's files. They are YAML or JSON, and only kubectl parses them as a whole.
/// https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
struct Kubeconfig: Equatable {
    /// Nil for a file that cannot be read: kubectl reports why.
    private let files: [[UInt8]?]

    init(in dependencies: Dependencies) {
        let named = dependencies.environment["KUBECONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let paths = named?.split(separator: ":").map { String($0) } ?? ["\(dependencies.home)/.kube/config"]
        files = paths.map { path in FileManager.default.contents(atPath: path).map { [UInt8]($0) } }
    }

    /// Whether a file contains one of these texts.
    func contains(anyOf texts: [String]) -> Bool {
        files.compactMap(\.self).contains { file in texts.contains { !file.offsets(of: $0).isEmpty } }
    }

    /// The name of the current context, where a single line tells it; nil: only kubectl knows it.
    ///
    /// The first file that sets it counts. kubectl takes as long for this line as the rest of a short command.
    var currentContext: String? {
        let key = "current-context"
        for file in files {
            // kubectl reports a file that cannot be read.
            guard let file else { return nil }
            let settings = file.offsets(of: key)
            guard settings.count < 2, file.offsets(of: "\n---").isEmpty else { return nil }
            guard let start = settings.first else { continue }
            let line = file[start...].prefix { $0 != UInt8(ascii: "\n") }
            let value = line.dropFirst(key.utf8.count)
            // Elsewhere it is part of JSON, of a flow mapping, or of something else.
            guard start == 0 || file[start - 1] == UInt8(ascii: "\n"), value.first == UInt8(ascii: ":"),
                let name = Self.plain(String(decoding: value.dropFirst(), as: UTF8.self).trimmed)
            else {
                return nil
            }
            if !name.isEmpty { return name }
        }
        return nil
    }

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

extension [UInt8] {
    /// Where the text starts. The standard library's search takes milliseconds for the certificates of a kubeconfig.
    fileprivate func offsets(of text: String) -> [Int] {
        let text = Array(text.utf8)
        return indices.filter { self[$0] == text[0] && self[$0...].starts(with: text) }
    }
}
