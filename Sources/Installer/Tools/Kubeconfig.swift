import FoundationEssentials

/// The contents of the kubeconfig's files. They are YAML or JSON, and only kubectl parses them as a whole.
/// https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
struct Kubeconfig: Equatable {
    /// Nil for a file that cannot be read: kubectl reports why.
    private let files: [[UInt8]?]

    init(in dependencies: Dependencies) {
        let named = dependencies.environment["KUBECONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let paths = named?.split(separator: ":").map { String($0) } ?? ["\(dependencies.home)/.kube/config"]
        files = paths.map { path in (try? Data(ofFile: path)).map { [UInt8]($0) } }
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

/// The contexts in kubectl's output. A name may hold any character, so that only its format tells it from an error text.
struct ContextList {
    /// Empty: there is none.
    let current: String
    let names: [String]

    /// - Throws: where kubectl has failed, or its output is not that of ``Kubectl/contexts``.
    init(_ result: CommandResult) throws(InstallerError) {
        let sentence = "The kubeconfig cannot be read"
        let text = try result.text(else: sentence)
        func unknown(_ detail: String) -> InstallerError {
            InstallerError(
                sentence, detail: detail, hint: "Try it: kubectl config get-contexts",
                code: .toolOutputUnknown)
        }
        let reply: Reply
        do { reply = try JSONDecoder().decode(Reply.self, from: Data(text.utf8)) } catch {
            throw unknown("The output of kubectl contains no contexts.")
        }
        // A name becomes the name of a folder and part of hints.
        guard ([reply.current] + reply.names).allSatisfy({ $0.utf8.count <= Self.longestName }) else {
            throw unknown("The output of kubectl contains texts that are not context names.")
        }
        (current, names) = (reply.current, reply.names)
    }

    /// In bytes.
    private static let longestName = 1000

    private struct Reply: Decodable {
        struct Context: Decodable { var name: String }
        let current: String
        let names: [String]

        init(from decoder: any Decoder) throws {
            var array = try decoder.unkeyedContainer()
            current = try array.decode(String.self)
            // Without contexts kubectl prints null.
            names = try array.decodeNil() ? [] : array.decode([Context].self).map(\.name)
            guard array.isAtEnd else {
                throw DecodingError.dataCorruptedError(in: array, debugDescription: "more elements")
            }
        }
    }
}

extension [UInt8] {
    /// Where the text starts. The standard library's search takes milliseconds for the certificates of a kubeconfig.
    fileprivate func offsets(of text: String) -> [Int] {
        let text = Array(text.utf8)
        return indices.filter { self[$0] == text[0] && self[$0...].starts(with: text) }
    }
}
