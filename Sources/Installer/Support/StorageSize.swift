/// A number of bytes in the notation of Kubernetes: `50Gi`, `1500M`, `1e9`.
///
/// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
struct StorageSize: Comparable, Sendable {
    /// Whole and fractional bytes: the compared sizes are typed by users, far below the precision limit of a Double.
    let bytes: Double

    init?(_ text: String) {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = String(text.dropFirst(number.count))
        guard let value = Double(number), let factor = Self.factor(of: unit) else { return nil }
        bytes = value * factor
    }

    private static func factor(of unit: String) -> Double? {
        if let exponent = unit.first.flatMap({ "eE".contains($0) ? Int(unit.dropFirst()) : nil }) {
            return (0..<max(0, exponent)).reduce(1) { power, _ in power * 10 }
        }
        if unit == "m" { return 0.001 }
        let isBinary = unit.hasSuffix("i")
        let letters = ["", isBinary ? "K" : "k", "M", "G", "T", "P", "E"]
        guard let power = letters.firstIndex(of: isBinary ? String(unit.dropLast()) : unit) else {
            return nil
        }
        return (0..<power).reduce(1) { product, _ in product * (isBinary ? 1024 : 1000) }
    }

    static func < (left: StorageSize, right: StorageSize) -> Bool { left.bytes < right.bytes }
}
