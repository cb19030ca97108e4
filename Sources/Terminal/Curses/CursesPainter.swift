import CNCurses

/// Draws frames in the colours of a palette.
@MainActor
struct CursesPainter {
    var palette: Palette {
        didSet { definePens() }
    }

    init(palette: Palette) {
        self.palette = palette
        definePens()
    }

    /// Curses sends only what has changed since the last frame.
    func paint(_ frame: Frame) {
        cn_begin()
        for row in 0..<frame.size.rows {
            for run in frame.runs(row: row) {
                let scalars = run.text.unicodeScalars.map(\.value)
                cn_put(
                    Int32(row), Int32(run.column), scalars, Int32(scalars.count),
                    attributes(run.style.look), pen(run.style.look))
            }
        }
        cn_finish(Int32(frame.cursor?.row ?? -1), Int32(frame.cursor?.column ?? 0))
    }

    private func definePens() {
        let defaults = palette.defaults
        if let defaults { cn_define_defaults(Int32(defaults.text), Int32(defaults.background)) }
        for ink in TextAttributes.Color.allCases {
            guard let colour = palette.colour(ink) else { continue }
            cn_define_pen(Int32(ink.rawValue), Int32(colour), Int32(defaults?.background ?? -1))
        }
    }

    private func attributes(_ look: TextAttributes) -> Int32 {
        var bits = 0
        if look.bold { bits |= CN_BOLD }
        if look.underline { bits |= CN_UNDERLINE }
        if look.reverse { bits |= CN_REVERSE }
        if look.ink == .muted, palette.dimsMuted { bits |= CN_DIM }
        return Int32(bits)
    }

    private func pen(_ look: TextAttributes) -> Int32 {
        guard let ink = look.ink, palette.colour(ink) != nil else { return 0 }
        return Int32(ink.rawValue)
    }
}
