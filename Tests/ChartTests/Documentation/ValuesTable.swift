import Yams

/// The README's table of the values, made from `values.yaml`.
enum ValuesTable {
    static func markdown(_ document: ValuesDocument) -> String {
        let rows = document.leaves.map { entry in
            "| `\(entry.path)` | `\(flow(entry.value))` | \(entry.comment.replacing("<", with: "&lt;")) |"
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
