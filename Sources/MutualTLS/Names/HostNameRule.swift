/// What a host name in a certificate may look like: RFC 1123, section 2.1, and RFC 6125, section 6.4.3, for
/// wildcards.
enum HostNameRule {
    private static let example = "builder.example.com"
    private static let wildcardExample = "*.builders.example.com"

    /// The name in the spelling that goes into a certificate.
    static func accepted(_ text: String) throws(NameProblem) -> String {
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
    private static func refuseWhatIsNoName(_ text: String) throws(NameProblem) {
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

    private static func check(_ label: Substring, of text: String) throws(NameProblem) {
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
    private static func problem(_ message: String, _ value: String = example) -> NameProblem {
        // Why a proposal is no good either does not matter: the general example takes its place.
        let isGood = (try? SubjectName(value)) != nil
        return NameProblem(message: message, example: isGood ? value : example)
    }

    /// The text as the message shows it: a pasted novel is cut.
    private static func quoted(_ text: String) -> String {
        let shown = text.count > 80 ? text.prefix(79) + "…" : text[...]
        return "“\(shown)”"
    }
}
