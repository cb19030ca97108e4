/// Whole numbers in Prometheus' text format.
///
/// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
struct PrometheusFigures {
    private var values: [Substring: Int] = [:]

    init(_ text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            // Labels may hold spaces; a value holds none.
            guard let space = line.lastIndex(of: " "), let value = Int(line[line.index(after: space)...])
            else { continue }
            values[line[..<space]] = value
        }
    }

    /// The figure of that name with one label; nil where there is none.
    subscript(name: String, label: String, value: String) -> Int? {
        values["\(name){\(label)=\"\(value)\"}"[...]]
    }
}
