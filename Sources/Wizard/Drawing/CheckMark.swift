import Installer
import Terminal

/// How a verdict is shown: by a symbol and a word as well as by a colour.
enum CheckMark: Equatable {
    case pending, passed, warning, failed, skipped

    init(_ verdict: Verdict) {
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

extension Verdict {
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
