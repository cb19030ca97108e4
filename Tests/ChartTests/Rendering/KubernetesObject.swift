import Yams

/// One object of a manifest.
struct KubernetesObject {
    /// Such as `Deployment/buildkit-proxy`.
    let name: String
    let node: Node

    init(_ node: Node) {
        self.node = node
        name = "\(node["kind"]?.string ?? "?")/\(node["metadata"]?["name"]?.string ?? "?")"
    }

    /// What is at a JSON pointer (RFC 6901). A step `#` goes on in the YAML that is a text there.
    subscript(pointer: String) -> Node? {
        pointer.split(separator: "/").reduce(node) { node, step in
            let step = String(step).replacing("~1", with: "/")
            // What is no YAML has nothing to be found in it.
            if step == "#" { return node?.string.flatMap { try? Yams.compose(yaml: $0) } }
            if let sequence = node?.sequence {
                // A wrong step is the expectation's failure, not a crash.
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
