import Yams

/// `values.yaml` as documentation: each value with the comment above it.
struct ValuesDocument {
    struct Entry {
        /// For example `proxy.service.port`.
        let path: String
        let comment: String
        let value: Node
    }

    /// In the order of the file. A value without a comment belongs to its parent value.
    let entries: [Entry]

    init() throws {
        let text = try Chart.text("values.yaml")
        let root = try Yams.compose(yaml: text)
        var entries: [Entry] = []
        var comment: [Substring] = []
        var parents: [(indent: Int, key: Substring)] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let content = line.drop { $0 == " " }
            if content.hasPrefix("#") {
                comment.append(content.dropFirst().drop { $0 == " " })
                continue
            }
            defer { comment = [] }
            guard let key = content.prefixMatch(of: /[A-Za-z0-9]+(?=:)/)?.output else { continue }
            let indent = line.count - content.count
            parents.removeAll { $0.indent >= indent }
            parents.append((indent, key))
            guard !comment.isEmpty else { continue }
            let value = parents.reduce(root) { $0?[String($1.key)] }
            let path = parents.map(\.key).joined(separator: ".")
            entries.append(Entry(path: path, comment: comment.joined(separator: " "), value: value ?? ""))
        }
        self.entries = entries
    }

    /// The entries without those that only contain others.
    var leaves: [Entry] {
        entries.filter { entry in !entries.contains { $0.path.hasPrefix(entry.path + ".") } }
    }
}
