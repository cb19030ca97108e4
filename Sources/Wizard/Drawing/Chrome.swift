import Terminal

/// What is around every page: its title, how far along it is, and the keys.
struct Chrome {
    /// The least that can be worked with.
    static let least = Size(columns: 40, rows: 12)

    let size: Size

    var isTooSmall: Bool { size.columns < Chrome.least.columns || size.rows < Chrome.least.rows }

    private var margin: Int { size.columns < 60 ? 1 : 2 }
    private var gap: Int { size.rows < 18 ? 0 : 1 }

    /// What the page draws into.
    var body: Area {
        Area(
            column: margin, row: 2 + gap, columns: size.columns - 2 * margin,
            rows: size.rows - 4 - gap)
    }

    /// - Parameters:
    ///   - name: what this is, for who comes back to it later.
    ///   - page: the page's number; 0 for the one that is before all others.
    ///   - last: the highest number.
    func draw(title: String, name: String, page: Int, of last: Int, hints: [KeyHint], into frame: inout Frame)
    {
        head(title, name, page, last, &frame)
        frame.rule(row: size.rows - 2)
        foot(hints, &frame)
    }

    func drawTooSmall(into frame: inout Frame) {
        let sentence =
            "Make the window larger: it has \(size.columns)×\(size.rows) characters, and "
            + "\(Chrome.least.columns)×\(Chrome.least.rows) are needed."
        frame.write(Line.wrap(sentence, columns: size.columns))
    }

    private func head(_ title: String, _ name: String, _ page: Int, _ last: Int, _ frame: inout Frame) {
        let number = page > 0 ? "\(page) of \(last)" : ""
        let right = [size.columns < 60 ? "" : name, number].filter { !$0.isEmpty }.joined(
            separator: " \(Glyphs.unicode.bullet) ")
        let line = Line(title, .title).filled(to: size.columns - 2 * margin, with: Line(right, .muted))
        frame.write(line, row: 0, column: margin)
        frame.rule(row: 1)
        frame.rule(row: 1, columns: size.columns * page / last, style: .accent)
    }

    /// As many hints as fit; the help is always among them.
    private func foot(_ hints: [KeyHint], _ frame: inout Frame) {
        let help = KeyHint("F1", "help")
        var left = size.columns - 2 * margin - width(help)
        let shown = hints.prefix { hint in
            left -= width(hint) + 3
            return left >= 0
        }
        var column = margin
        for hint in shown + [help] {
            column += frame.write(hint.key, at: Point(column: column, row: size.rows - 1), style: .key)
            column += 1
            column += frame.write(
                hint.meaning, at: Point(column: column, row: size.rows - 1), style: .muted)
            column += 3
        }
    }

    private func width(_ hint: KeyHint) -> Int { Text.width(hint.key) + 1 + Text.width(hint.meaning) }
}
