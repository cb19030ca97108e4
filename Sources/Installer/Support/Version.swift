/// A version of three numbers, in the various notations of tools and servers.
struct Version: Comparable, Sendable {
    let major: Int
    let minor: Int
    let patch: Int

    init(_ major: Int, _ minor: Int, _ patch: Int = 0) {
        (self.major, self.minor, self.patch) = (major, minor, patch)
    }

    /// Parses `1.36.2`, `v1.30`, `0.29.1+ds1` or `6.8.0-45-generic`; nil where it does not start with two numbers.
    init?(_ text: some StringProtocol) {
        let rest = text.first == "v" ? text.dropFirst() : text[...]
        let numbers = rest.prefix { $0.isNumber || $0 == "." }.split(separator: ".").map { Int($0) ?? 0 }
        guard numbers.count >= 2 else { return nil }
        self.init(numbers[0], numbers[1], numbers.count > 2 ? numbers[2] : 0)
    }

    static func < (left: Version, right: Version) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }
}

extension StringProtocol {
    /// The first word of the text that is a version, without a leading `v`.
    var firstVersion: String? {
        let words = split { !($0.isLetterOrDigit || ".+-_".contains($0)) }
        return words.lazy.map { $0.first == "v" ? $0.dropFirst() : $0 }
            .first { $0.first?.isNumber == true && Version($0) != nil }.map { String($0) }
    }
}

extension Version: CustomStringConvertible {
    var description: String { "\(major).\(minor).\(patch)" }
}
