/// Removes possible secrets from the output of tools: PEM blocks, and long words that look like base64.
///
/// kubectl quotes a whole object when it rejects it. All output of tools is redacted before it is shown, reported or
/// stored.
public struct Redactor: Sendable {
    static let mark = "(removed)"
    /// The maximum length of a word that may be shown. A line of PEM has 64 characters, a bearer token far more.
    private static let longestWord = 40

    /// Whether a PEM block is open after the lines so far.
    private var isInside = false

    public init() {}

    /// The redacted text.
    public static func of(_ text: String) -> String {
        var redaction = Redactor()
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { redaction.line(String($0)) }
            .joined(separator: "\n")
    }

    /// The redacted next line of a stream.
    public mutating func line(_ text: String) -> String { Self.words(of: blocks(of: text[...])) }

    /// Removes PEM, over several lines or in one line with `\n` as its line ends.
    private mutating func blocks(of text: Substring) -> String {
        if isInside {
            guard let end = text.firstRange(of: "-----END ") else { return Self.mark }
            isInside = false
            return Self.mark + blocks(of: Self.afterDashes(text[end.upperBound...]))
        }
        guard let begin = text.firstRange(of: "-----BEGIN ") else { return String(text) }
        isInside = true
        return text[..<begin.lowerBound] + blocks(of: text[begin.upperBound...])
    }

    /// The text after the dashes that close a PEM marker.
    private static func afterDashes(_ text: Substring) -> Substring {
        guard let dashes = text.firstRange(of: "-----") else { return "" }
        return text[dashes.upperBound...]
    }

    /// Removes words of base64, in either alphabet.
    private static func words(of text: String) -> String {
        guard text.utf8.count > longestWord else { return text }
        var out = ""
        var word = ""
        for character in text {
            if character.isBase64 {
                word.append(character)
            } else {
                out += shown(word)
                out.append(character)
                word = ""
            }
        }
        return out + shown(word)
    }

    /// Base64 of that length has upper case, lower case and digits; digests, paths and names do not have all three.
    private static func shown(_ word: String) -> String {
        let isSecret =
            word.count > longestWord && word.contains(where: \.isUpperCaseLetter)
            && word.contains(where: \.isLowerCaseLetter) && word.contains(where: \.isDigit)
        return isSecret && !isObject(word) ? mark : word
    }

    /// Whether it is Helm's name of an object: `Deployment/team/team-buildkit-builder`. A kind has only letters, and
    /// a name has no upper case; forty characters of base64 do not match that form.
    private static func isObject(_ word: String) -> Bool {
        let parts = word.split(separator: "/", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let kind = parts.first, kind.first?.isUpperCaseLetter == true
        else {
            return false
        }
        return kind.allSatisfy(\.isLetterOrDigit)
            && parts.dropFirst().allSatisfy { name in
                !name.isEmpty && name.allSatisfy { $0.isLowerCaseLetterOrDigit || $0 == "-" }
            }
    }
}

extension Character {
    fileprivate var isBase64: Bool { isLetterOrDigit || "+/-_=".contains(self) }
}

extension InstallerError {
    /// The failure with its detail redacted.
    var redacted: InstallerError {
        InstallerError(
            message, detail: detail.map(Redactor.of), hint: hint, code: code, subject: subject)
    }
}
