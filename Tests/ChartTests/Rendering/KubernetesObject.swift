import Yams

/// One object of a manifest.
struct KubernetesObject {
    /// For example `Deployment/buildkit-proxy`.
    let name: String
    let node: Node

    init(_ node: Node) {
        self.node = node
        name = "\(node["kind"]?.string ?? "?")/\(node["metadata"]?["name"]?.string ?? "?")"
    }

    /// The value at a JSON pointer (RFC 6901). A step `#` continues in the YAML document of a string value.
    subscript(pointer: String) -> Node? {
        pointer.split(separator: "/").reduce(node) { node, step in
            let step = String(step).replacing("~1", with: "/")
            // Text that is not YAML contains no node.
            if step == "#" { return node?.string.flatMap { try? Yams.compose(yaml: $0) } }
            if let sequence = node?.sequence {
                // A wrong step fails the expectation, without a crash.
                guard let index = Int(step), sequence.indices.contains(index) else { return nil }
                return sequence[index]
            }
            return node?[step]
        }
    }

    /// The text at a pointer.
    func text(_ pointer: String) -> String? {
        self[pointer]?.string
    }
}
