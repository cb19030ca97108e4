import CNCurses

extension KeyDecoder.Input {
    /// The next pending one; nil: none.
    static func next() -> Self? {
        let code = Int(cn_next_input())
        return switch code {
        case ..<0: nil
        case 0...255: .byte(UInt8(code))
        case CN_KEY_UP: .key(.up)
        case CN_KEY_DOWN: .key(.down)
        case CN_KEY_LEFT: .key(.left)
        case CN_KEY_RIGHT: .key(.right)
        case CN_KEY_HOME: .key(.home)
        case CN_KEY_END: .key(.end)
        case CN_KEY_PAGE_UP: .key(.pageUp)
        case CN_KEY_PAGE_DOWN: .key(.pageDown)
        case CN_KEY_BACKSPACE: .key(.backspace)
        case CN_KEY_DELETE: .key(.delete)
        case CN_KEY_BACK_TAB: .key(.backTab)
        case CN_KEY_ENTER: .key(.enter)
        case CN_KEY_WORD_LEFT: .key(.wordLeft)
        case CN_KEY_WORD_RIGHT: .key(.wordRight)
        case CN_KEY_PASTE_BEGINS: .pasteBegins
        case CN_KEY_PASTE_ENDS: .pasteEnds
        case CN_KEY_MOUSE_BEGINS: .mouseBegins
        case (CN_KEY_FUNCTION + 1)...: .key(.function(code - CN_KEY_FUNCTION))
        default: .other
        }
    }
}

extension Character {
    /// Columns that a terminal gives this character: the sum over its scalars, which is how curses and most
    /// terminals count. nil for what must not reach a terminal: controls, and the marks that reorder text.
    var columns: Int? {
        if let ascii = asciiValue, self != "\r\n" { return (0x20..<0x7F).contains(ascii) ? 1 : nil }
        var sum = 0
        for scalar in unicodeScalars {
            let width = Int(cn_width(scalar.value))
            guard width >= 0, !scalar.properties.isBidiControl else { return nil }
            sum += width
        }
        return sum
    }
}
