import Installer
import Terminal

/// How a verdict is shown: by a symbol and a word as well as by a colour.
enum CheckSymbol: Equatable {
    case pending, passed, warning, failed, skipped

    init(_ verdict: CheckOutcome) {
        self =
            switch verdict {
            case .pending: .pending
            case .passed: .passed
            case .warning: .warning
            case .failed: .failed
            case .skipped: .skipped
            }
    }

    var symbol: Character {
        let glyphs = Glyphs.unicode
        return switch self {
        case .pending: glyphs.pending
        case .passed: glyphs.done
        case .warning: glyphs.warning
        case .failed: glyphs.failed
        case .skipped: "-"
        }
    }

    var style: Style {
        switch self {
        case .pending, .skipped: .muted
        case .passed: .success
        case .warning: .warning
        case .failed: .failure
        }
    }
}

extension CheckOutcome {
    /// What stands at the end of the check's row.
    var short: String {
        switch self {
        case .pending: "looking \(Glyphs.unicode.ellipsis)"
        case .passed(let evidence): evidence
        case .warning, .failed, .skipped: word
        }
    }

    /// What is said about the check when it is selected.
    var sentence: String {
        switch self {
        case .pending: "Not looked up yet."
        case .skipped(let reason): "Skipped: \(reason)"
        case .passed, .warning, .failed: evidence
        }
    }
}

/// How the state of a step is shown: a symbol and a word as well as a colour.
struct StepSymbol {
    let symbol: Character
    let word: String
    let style: Style

    init(_ status: RunState.Status, isRehearsal: Bool) {
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
