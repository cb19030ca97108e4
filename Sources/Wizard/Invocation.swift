import Installer

/// The one command line that repeats an install without the wizard.
struct Invocation: Equatable, Sendable {
    /// The command and its flags, each with its value.
    let pieces: [String]

    init(_ answers: Answers) {
        let plain = Answers()
        let flags = Field.all.filter {
            $0.isAsked(with: answers) && $0.text(in: answers) != $0.text(in: plain)
        }
        pieces =
            ["buildkit-installer install"] + flags.map { "--\($0.id) \($0.text(in: answers).shellQuoted)" }
            + ["--yes"]
    }

    /// On one line.
    var line: String { pieces.joined(separator: " ") }

    /// On several lines, as a shell takes them.
    func lines(columns: Int) -> [String] {
        var lines: [String] = []
        for piece in pieces {
            if let last = lines.last, last.count + piece.count + 3 <= columns {
                lines[lines.count - 1] = "\(last) \(piece)"
            } else {
                lines.append(lines.isEmpty ? piece : "  \(piece)")
            }
        }
        return lines.enumerated().map { $0 < lines.count - 1 ? "\($1) \\" : $1 }
    }
}
