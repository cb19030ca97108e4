import Installer
import Terminal

/// Presentation of a verdict: a symbol and a word in addition to the colour.
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
    /// The text at the end of the check's row.
    var short: String {
        switch self {
        case .pending: "checking\(Glyphs.unicode.ellipsis)"
        case .passed(let evidence): evidence
        case .warning, .failed, .skipped: word
        }
    }

    /// Details of the selected check.
    var sentence: String {
        switch self {
        case .pending: "Not checked yet."
        case .skipped(let reason): "Skipped: \(reason)"
        case .passed, .warning, .failed: evidence
        }
    }
}

/// Presentation of the state of a step: a symbol and a word in addition to the colour.
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
            case .done: (glyphs.done, isRehearsal ? "dry run" : "done", .success)
            case .failed: (glyphs.failed, "failed", .failure)
            case .interrupted: (glyphs.warning, "interrupted", .warning)
            case .undoing: (glyphs.left, "rolling back", .accent)
            case .undone: (glyphs.left, "rolled back", .muted)
            case .undoFailed: (glyphs.failed, "rollback failed", .failure)
            }
    }
}
