import FoundationEssentials

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A name by which a server may be dialled, as it stands in its certificate (RFC 5280, section 4.2.1.6).
public enum SubjectName: Sendable, Hashable {
    /// A host name in lower case, perhaps with `*` as its first label.
    case dns(String)
    /// An address in network byte order: four octets or sixteen.
    case ip([UInt8])

    /// Reads a name as people type it: a host name, a wildcard, an IPv4 or an IPv6 address.
    public init(_ text: String) throws(NameError) {
        if let octets = Self.octets(of: text) {
            self = .ip(octets)
            return
        }
        self = .dns(try HostNameRule.accepted(text))
    }

    /// Whether a client that dials `host` finds this name fitting. A wildcard stands for exactly one label.
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

/// What a host name in a certificate may look like: RFC 1123, section 2.1, and RFC 6125, section 6.4.3, for
/// wildcards.
enum HostNameRule {
    private static let example = "builder.example.com"
    private static let wildcardExample = "*.builders.example.com"

    /// The name in the spelling that goes into a certificate.
    static func accepted(_ text: String) throws(NameError) -> String {
        try refuseWhatIsNoName(text)
        let name = text.lowercased()
        guard name.utf8.count <= 253 else {
            throw problem("The name has \(name.utf8.count) characters; a host name has at most 253")
        }
        guard !name.hasSuffix(".") else {
            throw problem(
                "\(quoted(text)) ends with a dot; certificates name hosts without it",
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
            throw problem("\(quoted(text)) looks like an IP address but is not one", "10.0.0.12")
        }
        return name
    }

    /// Recognises what people paste into a field for names, so that the answer can say what it is.
    private static func refuseWhatIsNoName(_ text: String) throws(NameError) {
        guard !text.isEmpty else { throw problem("A name cannot be empty") }
        guard !text.contains(where: { $0.isWhitespace || $0.isNewline }) else {
            throw problem("\(quoted(text)) contains a space; a name has none")
        }
        if text.contains("://") || text.contains("/") {
            throw problem(
                "\(quoted(text)) has a scheme or a path; only the host belongs in a certificate"
            )
        }
        if let zone = text.firstIndex(of: "%"), SubjectName.octets(of: String(text[..<zone])) != nil {
            throw problem(
                "\(quoted(text)) carries a zone, which means something on one machine only",
                String(text[..<zone]))
        }
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let inner = String(text[text.index(after: text.startIndex)..<end])
            throw problem(
                "\(quoted(text)) is written for a URL; write the address without brackets and port", inner)
        }
        if let colon = text.lastIndex(of: ":") {
            let port = text[text.index(after: colon)...]
            let host = String(text[..<colon])
            if !host.contains(":"), !port.isEmpty, port.allSatisfy(\.isNumber) {
                throw problem("\(quoted(text)) has a port; the port is not part of a name", host)
            }
            throw problem("\(quoted(text)) is neither a host name nor an IPv6 address", "fd00::12")
        }
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw problem(
                "\(quoted(text)) has letters beyond a to z; write its ASCII form, which begins with xn--",
                "xn--bcher-kva.example.com")
        }
        guard text != "*" else {
            throw problem("A lone * would stand for every host; name the domain it is for", wildcardExample)
        }
    }

    private static func check(_ label: Substring, of text: String) throws(NameError) {
        guard !label.isEmpty else {
            throw problem("\(quoted(text)) has an empty label: two dots in a row, or a dot at its start")
        }
        guard label.utf8.count <= 63 else {
            throw problem("A label of the name has \(label.utf8.count) characters; each has at most 63")
        }
        guard !label.contains("*") else {
            throw problem(
                "In \(quoted(text)) the * must be the whole first label, and only that", wildcardExample)
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
            throw problem("A label of \(quoted(text)) begins or ends with a hyphen")
        }
    }

    private static func isLetterDigitOrHyphen(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// - Parameter value: What may have been meant; shown only if it would be accepted.
    private static func problem(_ message: String, _ value: String = example) -> NameError {
        // Why a proposal is no good either does not matter: the general example takes its place.
        let isGood = (try? SubjectName(value)) != nil
        return NameError(message: message, example: isGood ? value : example)
    }

    /// The text as the message shows it: a pasted novel is cut.
    private static func quoted(_ text: String) -> String {
        let shown = text.count > 80 ? text.prefix(79) + "…" : text[...]
        return "“\(shown)”"
    }
}

/// Why a text cannot be a name in a certificate, in words for whoever typed it.
public struct NameError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A sentence that says what is wrong, without its full stop: an example may follow.
    public let message: String
    /// A value that would be accepted in its place.
    public let example: String

    public init(message: String, example: String) {
        self.message = message
        self.example = example
    }

    public var description: String { "\(message). A good value: \(example)" }
}
