/// Takes out of a tool's words what may be a secret: PEM blocks, and long words that look like base64.
///
/// kubectl quotes a whole object when it finds fault with it. Everything that a tool said passes through here
/// before it is shown, reported or kept.
public struct Redactor: Sendable {
    static let mark = "(removed)"
    /// The longest word that may be shown. A key's line of PEM has 64 characters, a bearer token far more.
    private static let longestWord = 40

    /// Whether the lines so far have opened a PEM block that is not closed yet.
    private var isInside = false

    public init() {}

    /// The text with nothing secret in it.
    public static func of(_ text: String) -> String {
        var redaction = Redactor()
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { redaction.line(String($0)) }
            .joined(separator: "\n")
    }

    /// The next line of a stream, with nothing secret in it.
    public mutating func line(_ text: String) -> String { Self.words(of: blocks(of: text[...])) }

    /// Takes out PEM, be it over several lines or in one, with its line ends written as `\n`.
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

    /// What follows the dashes that close a PEM marker.
    private static func afterDashes(_ text: Substring) -> Substring {
        guard let dashes = text.firstRange(of: "-----") else { return "" }
        return text[dashes.upperBound...]
    }

    /// Takes out words of base64, in either alphabet.
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

    /// Base64 of that length has capitals, small letters and digits; digests, paths and names have not all three.
    private static func shown(_ word: String) -> String {
        let isSecret =
            word.count > longestWord && word.contains(where: \.isUpperCaseLetter)
            && word.contains(where: \.isLowerCaseLetter) && word.contains(where: \.isDigit)
        return isSecret && !isObject(word) ? mark : word
    }

    /// Whether it is how Helm names an object: `Deployment/team/team-buildkit-builder`. A kind has letters only, and a
    /// name no capitals; forty characters of base64 do not fall into that form.
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
    /// The failure with nothing secret in what the tool said.
    var redacted: InstallerError {
        InstallerError(message, detail: detail.map(Redactor.of), hint: hint, code: code)
    }
}
