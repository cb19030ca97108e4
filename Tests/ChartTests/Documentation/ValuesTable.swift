import Yams

/// The README's table of values, generated from `values.yaml`.
enum ValuesTable {
    static func markdown(_ document: ValuesDocument) -> String {
        let leaves = Set(document.leaves.map(\.path))
        let rows = document.entries.map { entry in
            let isLeaf = leaves.contains(entry.path)
            let name = isLeaf ? "`\(entry.path)`" : "**`\(entry.path)`**"
            let value = isLeaf ? "`\(flow(entry.value))`" : ""
            return "| \(name) | \(value) | \(entry.comment.replacing("<", with: "&lt;")) |"
        }
        return (["| Value | Default | Meaning |", "| --- | --- | --- |"] + rows).joined(separator: "\n")
    }

    /// A value on one line.
    private static func flow(_ node: Node) -> String {
        switch node {
        case .mapping(let mapping):
            "{" + mapping.map { "\(flow($0)): \(flow($1))" }.joined(separator: ", ") + "}"
        case .sequence(let sequence): "[" + sequence.map(flow).joined(separator: ", ") + "]"
        case .scalar(let scalar): scalar.string.isEmpty ? "\"\"" : scalar.string
        case .alias: "…"
        }
    }
}
