import Installer
import Terminal

/// The fix of a problem: a sentence that often contains a command.
struct Fix: Equatable {
    let text: String
    /// The place of the first command; nil where it is words alone.
    private let place: Range<String.Index>?

    /// - Parameter hint: nil where no fix is known.
    init?(_ hint: String?) {
        guard let hint, !hint.isEmpty else { return nil }
        text = hint
        place = Self.place(in: hint)
    }

    var command: String? { place.map { String(text[$0]) } }

    /// For the clipboard: a shell can do nothing with the words around a command.
    var copied: String { command ?? text }

    /// The fix with a label before it. A command at the end of a line has rows of its own, so that it can be
    /// selected whole.
    func lines(after label: Line, columns: Int) -> [Line] {
        guard let place, text[place.upperBound...].first ?? "\n" == "\n" else {
            return Line.wrap(after: label, text, .accent, columns: columns)
        }
        let margin = Line(String(repeating: " ", count: label.width))
        let command = ShellLines(String(text[place]), columns: max(8, columns - label.width - 2)).lines
        let rest = String(text[place.upperBound...].dropFirst())
        return Line.wrap(after: label, String(text[..<place.lowerBound].dropLast()), columns: columns)
            + command.map { margin + Line("  \($0)", .accent) }
            + (rest.isEmpty ? [] : Line.wrap(after: margin, rest, columns: columns))
    }
}

// MARK: - Finding the command

extension Fix {
    /// The first words of the commands in fixes: this program, its tools, and programs of the system.
    static let programs = Set(Tool.allCases.map(\.rawValue)).union([
        "buildkit-installer", "oc", "(umask", "awk", "cat", "chmod", "date", "df", "export", "getent", "ls",
        "mkdir", "mv", "openssl", "ss", "tar", "unset",
    ])

    /// A command follows a colon: "Restore it: buildkit-installer install, or list the Secrets: …".
    private static func place(in text: String) -> Range<String.Index>? {
        var rest = text[...]
        while let colon = rest.firstRange(of: ": ") {
            rest = rest[colon.upperBound...]
            guard programs.contains(String(rest.prefix { !$0.isWhitespace })) else { continue }
            return rest.startIndex..<end(of: rest)
        }
        return nil
    }

    /// The end of a command at the start of a text: a line break, or punctuation before more words.
    private static func end(of text: Substring) -> String.Index {
        var quote: Character?
        var before: Character = " "
        // Commands in parentheses are separated by semicolons.
        var depth = 0
        for index in text.indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\n" {
                return index
            } else if ["'", "\""].contains(character) {
                quote = character
            } else if ["(", ")"].contains(character) {
                depth += character == "(" ? 1 : -1
            } else if [",", ";", "."].contains(character), before != " ", depth < 1 {
                // A lone full stop is the current folder, and one within a word belongs to it.
                let next = text.index(after: index)
                if next == text.endIndex || text[next].isWhitespace { return index }
            }
            before = character
        }
        return text.endIndex
    }
}

extension InstallerError {
    /// Where the documents explain it, as the command line prints it; empty where the message says all.
    func reference(columns: Int) -> [Line] {
        guard !code.isSelfExplanatory else { return [] }
        let (label, place) = (Line("See   ", .muted), Line(code.documentation, .accent))
        // It is not wrapped where it fits alone, so that it can be selected whole.
        guard label.width + place.width > columns else { return [label + place] }
        return [label] + Line.wrap(code.documentation, .accent, columns: columns)
    }
}
