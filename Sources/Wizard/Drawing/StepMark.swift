import Installer
import Terminal

/// How the state of a step is shown: a symbol and a word as well as a colour.
struct StepMark {
    let symbol: Character
    let word: String
    let style: Style

    init(_ status: Run.Status, isRehearsal: Bool) {
        let glyphs = Glyphs.unicode
        (symbol, word, style) =
            switch status {
            case .waiting: (glyphs.pending, "", .muted)
            case .running: (glyphs.current, "running", .accent)
            case .done: (glyphs.done, isRehearsal ? "rehearsed" : "done", .success)
            case .failed: (glyphs.failed, "failed", .failure)
            case .interrupted: (glyphs.warning, "stopped", .warning)
            case .undoing: (glyphs.left, "undoing", .accent)
            case .undone: (glyphs.left, "undone", .muted)
            case .undoFailed: (glyphs.failed, "not undone", .failure)
            }
    }
}
