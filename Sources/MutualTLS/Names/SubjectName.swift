import FoundationEssentials

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A name of a server in its certificate (RFC 5280, section 4.2.1.6).
public enum SubjectName: Sendable, Hashable {
    /// A host name in lower case, optionally with `*` as its first label.
    case dns(String)
    /// An address in network byte order: four octets or sixteen.
    case ip([UInt8])

    /// Parses a name: a host name, a wildcard, an IPv4 or an IPv6 address.
    public init(_ text: String) throws(NameError) {
        if let octets = Self.octets(of: text) {
            self = .ip(octets)
            return
        }
        self = .dns(try HostNameRule.accepted(text))
    }

    /// Whether the name matches for a client that dials `host`. A wildcard matches exactly one label.
    public func covers(_ host: String) -> Bool {
        switch self {
        case .ip(let octets):
            return Self.octets(of: host) == octets
        case .dns(let name):
            let host = host.lowercased()
            guard Self.octets(of: host) == nil else { return false }
            guard name.hasPrefix("*.") else { return name == host }
            guard let dot = host.firstIndex(of: "."), dot != host.startIndex else { return false }
            return host[dot...] == name.dropFirst()
        }
    }

    /// The name as people read it, where the certificate has another form of it.
    public var letters: String? {
        guard case .dns(let name) = self else { return nil }
        return InternationalName.unicode(name)
    }

    /// The octets of an IPv4 or IPv6 address in its usual notation.
    static func octets(of text: String) -> [UInt8]? {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var octets = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &octets) == 1 { return octets }
        }
        return nil
    }
}

extension SubjectName: CustomStringConvertible {
    public var description: String {
        switch self {
        case .dns(let name): return name
        case .ip(let octets):
            var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
            let family = octets.count == 4 ? AF_INET : AF_INET6
            guard octets.count == 4 || octets.count == 16,
                inet_ntop(family, octets, &text, socklen_t(text.count)) != nil
            else { return octets.map { String($0) }.joined(separator: ".") }
            return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}

extension SubjectName: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(container.decode(String.self))
        } catch let problem as NameError {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: problem.description)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// The rules for a host name in a certificate: RFC 1123, section 2.1, and RFC 6125, section 6.4.3, for wildcards.
enum HostNameRule {
    private static let example = "builder.example.com"
    private static let wildcardExample = "*.builders.example.com"

    /// The name in the spelling of certificates.
    static func accepted(_ text: String) throws(NameError) -> String {
        try refuseWhatIsNoName(text)
        let name = try ascii(text).lowercased()
        guard name.utf8.count <= 253 else {
            throw problem("The name has \(name.utf8.count) characters; the maximum for a host name is 253")
        }
        guard !name.hasSuffix(".") else {
            throw problem(
                "\(quoted(text)) ends with a dot; certificates contain host names without it",
                String(name.dropLast()))
        }
        var labels = name.split(separator: ".", omittingEmptySubsequences: false)
        if labels.first == "*" {
            guard labels.count >= 3 else {
                throw problem(
                    "The wildcard in \(quoted(text)) needs a domain of at least two labels after it",
                    wildcardExample)
            }
            labels.removeFirst()
        }
        for label in labels {
            try check(label, of: text)
        }
        if let last = labels.last, last.allSatisfy(\.isNumber) {
            throw problem("\(quoted(text)) looks like an IP address but is not valid", "10.0.0.12")
        }
        return name
    }

    private static func ascii(_ text: String) throws(NameError) -> String {
        do throws(InternationalName.Problem) { return try InternationalName.ascii(text) } catch {
            throw problem(error.message, "bücher.example.com")
        }
    }

    /// Recognizes common mistakes in a field for names, so that the error can name them.
    private static func refuseWhatIsNoName(_ text: String) throws(NameError) {
        guard !text.isEmpty else { throw problem("A name cannot be empty") }
        guard !text.contains(where: { $0.isWhitespace || $0.isNewline }) else {
            throw problem("\(quoted(text)) contains a space")
        }
        if text.utf8.contains(UInt8(ascii: "/")) {
            throw problem(
                "\(quoted(text)) has a scheme or a path; specify only the host"
            )
        }
        if let zone = text.firstIndex(of: "%"), SubjectName.octets(of: String(text[..<zone])) != nil {
            throw problem(
                "\(quoted(text)) has a zone, which is valid on one machine only",
                String(text[..<zone]))
        }
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let inner = String(text[text.index(after: text.startIndex)..<end])
            throw problem(
                "\(quoted(text)) has URL syntax; specify the address without brackets and port", inner)
        }
        if let colon = text.lastIndex(of: ":") {
            let port = text[text.index(after: colon)...]
            let host = String(text[..<colon])
            if !host.contains(":"), !port.isEmpty, port.allSatisfy(\.isNumber) {
                throw problem("\(quoted(text)) has a port; specify only the name", host)
            }
            throw problem("\(quoted(text)) is neither a host name nor an IPv6 address", "fd00::12")
        }
        guard text != "*" else {
            throw problem("A single * would match every host; specify its domain", wildcardExample)
        }
    }

    private static func check(_ label: Substring, of text: String) throws(NameError) {
        guard !label.isEmpty else {
            throw problem("\(quoted(text)) has an empty label: two dots in a row, or a dot at its start")
        }
        guard label.utf8.count <= 63 else {
            throw problem("A label of the name has \(label.utf8.count) characters; the maximum is 63")
        }
        guard !label.contains("*") else {
            throw problem(
                "In \(quoted(text)) the * must be the whole first label", wildcardExample)
        }
        guard !label.contains("_") else {
            throw problem(
                "\(quoted(text)) has an underscore, which host names do not allow",
                text.lowercased().split(separator: "_", omittingEmptySubsequences: true).joined(
                    separator: "-"))
        }
        guard label.utf8.allSatisfy(isLetterDigitOrHyphen) else {
            throw problem("\(quoted(text)) has a character other than letters, digits, hyphens and dots")
        }
        guard label.first != "-", label.last != "-" else {
            throw problem("A label of \(quoted(text)) starts or ends with a hyphen")
        }
    }

    private static func isLetterDigitOrHyphen(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// - Parameter value: A suggestion; shown only if it is valid.
    private static func problem(_ message: String, _ value: String = example) -> NameError {
        // The reason why a suggestion is not valid does not matter: the general example replaces it.
        let isGood = (try? SubjectName(value)) != nil
        return NameError(message: message, example: isGood ? value : example)
    }

    /// The text in the message, truncated.
    private static func quoted(_ text: String) -> String {
        let shown = text.count > 80 ? text.prefix(79) + "…" : text[...]
        return "“\(shown)”"
    }
}

/// Why a text is not a valid name in a certificate, in words for the user.
public struct NameError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A sentence with the error, without its full stop: an example may follow.
    public let message: String
    /// A value that would be valid.
    public let example: String

    public init(message: String, example: String) {
        self.message = message
        self.example = example
    }

    public var description: String { "\(message). Example: \(example)" }
}
