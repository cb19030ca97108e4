import Foundation

/// `values.schema.json`. Its rules are written manually, its descriptions are the comments of `values.yaml`.
struct ValuesSchema {
    /// As parsed by JSONSerialization.
    private var root: [String: Any]

    init() throws {
        let data = Data(try Chart.text("values.schema.json").utf8)
        root = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }

    /// The paths of all values, unordered; a value with only a description counts, as in `values.yaml`.
    var paths: Set<String> {
        var paths: Set<String> = []
        var root = root
        Self.visit(&root, path: []) { path, schema in
            if schema["description"] != nil { paths.insert(path) }
        }
        return paths
    }

    /// Objects that accept any key although they define some.
    var loosePaths: Set<String> {
        var paths: Set<String> = []
        var root = root
        Self.visit(&root, path: []) { path, schema in
            if schema["properties"] != nil, schema["additionalProperties"] as? Bool != false {
                paths.insert(path)
            }
        }
        return paths
    }

    mutating func describe(_ document: ValuesDocument) {
        let comments = Dictionary(uniqueKeysWithValues: document.entries.map { ($0.path, $0.comment) })
        Self.visit(&root, path: []) { path, schema in
            if let comment = comments[path] { schema["description"] = comment }
        }
    }

    var json: String {
        get throws {
            let options: JSONSerialization.WritingOptions = [
                .prettyPrinted, .sortedKeys, .withoutEscapingSlashes,
            ]
            let data = try JSONSerialization.data(withJSONObject: root, options: options)
            return String(decoding: data, as: UTF8.self) + "\n"
        }
    }

    private static func visit(
        _ schema: inout [String: Any], path: [String], _ body: (String, inout [String: Any]) -> Void
    ) {
        if !path.isEmpty { body(path.joined(separator: "."), &schema) }
        guard var properties = schema["properties"] as? [String: [String: Any]] else { return }
        for (key, property) in properties {
            var property = property
            visit(&property, path: path + [key], body)
            properties[key] = property
        }
        schema["properties"] = properties
    }
}
