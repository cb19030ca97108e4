import CVTerm

/// An xterm in memory (libvterm): converts a program's output into cells, and keys into the bytes of a terminal.
final class Emulator {
    private let terminal: OpaquePointer
    private let screen: OpaquePointer
    private let callbacks: UnsafeMutablePointer<VTermScreenCallbacks>
    private let modes: UnsafeMutablePointer<Modes>
    private var repetition = Repetition()

    /// Modes that programs enable and must disable.
    private struct Modes {
        var isCursorVisible = true
        var isAlternateScreen = false
        var reportsMouse = false
    }

    init?(columns: Int, rows: Int) {
        guard let terminal = vterm_new(Int32(rows), Int32(columns)) else { return nil }
        guard let screen = vterm_obtain_screen(terminal) else {
            vterm_free(terminal)
            return nil
        }
        self.terminal = terminal
        self.screen = screen
        modes = .allocate(capacity: 1)
        modes.initialize(to: Modes())
        callbacks = .allocate(capacity: 1)
        callbacks.initialize(to: VTermScreenCallbacks())
        callbacks.pointee.settermprop = { property, value, user in
            guard let value, let modes = user?.assumingMemoryBound(to: Modes.self) else { return 0 }
            switch property {
            case VTERM_PROP_CURSORVISIBLE: modes.pointee.isCursorVisible = value.pointee.boolean != 0
            case VTERM_PROP_ALTSCREEN: modes.pointee.isAlternateScreen = value.pointee.boolean != 0
            case VTERM_PROP_MOUSE: modes.pointee.reportsMouse = value.pointee.number != 0
            default: return 0
            }
            return 1
        }
        vterm_set_utf8(terminal, 1)
        vterm_screen_set_callbacks(screen, callbacks, modes)
        vterm_screen_enable_altscreen(screen, 1)
        vterm_screen_reset(screen, 1)
    }

    deinit {
        vterm_free(terminal)
        callbacks.deallocate()
        modes.deallocate()
    }

    /// Displays the program's output; returns the terminal's responses.
    func show(_ output: UnsafeRawBufferPointer) -> [UInt8] {
        let output = repetition.expand(output).map(CChar.init(bitPattern:))
        vterm_input_write(terminal, output, output.count)
        return answer()
    }

    func resize(columns: Int, rows: Int) {
        vterm_set_size(terminal, Int32(rows), Int32(columns))
    }

    /// The bytes of a key, in the modes that the program has set.
    func bytes(for key: PseudoTerminal.Key) -> [UInt8] {
        switch key {
        case .enter: press(VTERM_KEY_ENTER)
        case .tab: press(VTERM_KEY_TAB)
        case .backTab: press(VTERM_KEY_TAB, VTERM_MOD_SHIFT)
        case .backspace: press(VTERM_KEY_BACKSPACE)
        case .escape: press(VTERM_KEY_ESCAPE)
        case .up: press(VTERM_KEY_UP)
        case .down: press(VTERM_KEY_DOWN)
        case .left: press(VTERM_KEY_LEFT)
        case .right: press(VTERM_KEY_RIGHT)
        case .wordLeft: press(VTERM_KEY_LEFT, VTERM_MOD_CTRL)
        case .wordRight: press(VTERM_KEY_RIGHT, VTERM_MOD_CTRL)
        case .delete: press(VTERM_KEY_DEL)
        case .home: press(VTERM_KEY_HOME)
        case .end: press(VTERM_KEY_END)
        case .pageUp: press(VTERM_KEY_PAGEUP)
        case .pageDown: press(VTERM_KEY_PAGEDOWN)
        case .function(let number):
            press(VTermKey(rawValue: VTERM_KEY_FUNCTION_0.rawValue + UInt32(number)))
        case .control(let letter): return [(letter.asciiValue ?? 0) & 0x1F]
        }
        return answer()
    }

    /// A press and a release of the left button; empty where no reports are wanted.
    func bytes(ofClickAt point: (column: Int, row: Int)) -> [UInt8] {
        turn(button: 1, at: point) + turn(button: 1, at: point, isPressed: false)
    }

    func bytes(ofScrollUpAt point: (column: Int, row: Int)) -> [UInt8] { turn(button: 4, at: point) }

    private func turn(button: Int32, at point: (column: Int, row: Int), isPressed: Bool = true) -> [UInt8] {
        vterm_mouse_move(terminal, Int32(point.row), Int32(point.column), VTERM_MOD_NONE)
        vterm_mouse_button(terminal, button, isPressed, VTERM_MOD_NONE)
        return answer()
    }

    /// Text in the form of a paste.
    func bytes(forPasted text: String) -> [UInt8] {
        vterm_keyboard_start_paste(terminal)
        let start = answer()
        vterm_keyboard_end_paste(terminal)
        return start + Array(text.utf8).map { $0 == 0x0A ? 0x0D : $0 } + answer()
    }

    /// The modes that a program should have restored and has not, in words.
    var leftovers: [String] {
        var found: [String] = []
        if modes.pointee.isAlternateScreen { found.append("the alternate screen is on") }
        if !modes.pointee.isCursorVisible { found.append("the cursor is hidden") }
        if !bytes(forPasted: "").isEmpty { found.append("pasted text is marked") }
        if modes.pointee.reportsMouse { found.append("the mouse is reported") }
        if bytes(for: .up) != Array("\u{1B}[A".utf8) { found.append("arrow keys are in application mode") }
        return found
    }

    func screenshot() -> Screenshot {
        var columns: Int32 = 0
        var rows: Int32 = 0
        vterm_get_size(terminal, &rows, &columns)
        var cursor = VTermPos()
        vterm_state_get_cursorpos(vterm_obtain_state(terminal), &cursor)
        return Screenshot(
            rows: (0..<rows).map { row in (0..<columns).map { cell(column: $0, row: row) } },
            isCursorVisible: modes.pointee.isCursorVisible,
            isAlternateScreen: modes.pointee.isAlternateScreen,
            cursorColumn: Int(cursor.col), cursorRow: Int(cursor.row))
    }

    private func cell(column: Int32, row: Int32) -> Screenshot.Cell {
        var raw = VTermScreenCell()
        vterm_screen_get_cell(screen, VTermPos(row: row, col: column), &raw)
        // The right half of a wide character.
        guard raw.chars.0 != .max else { return Screenshot.Cell(width: 0) }
        let scalars = withUnsafeBytes(of: raw.chars) { $0.bindMemory(to: UInt32.self).prefix { $0 != 0 } }
        return Screenshot.Cell(
            text: scalars.compactMap(Unicode.Scalar.init).reduce(into: "") { $0.unicodeScalars.append($1) },
            width: Int(raw.width), isBold: raw.attrs.bold != 0, isUnderlined: raw.attrs.underline != 0,
            isReversed: raw.attrs.reverse != 0, foreground: colour(raw.fg), background: colour(raw.bg))
    }

    /// The macros that distinguish the kinds are not imported; these are their bits.
    private func colour(_ raw: VTermColor) -> Screenshot.Colour {
        let defaults: UInt8 = 0x06
        let indexed: UInt8 = 0x01
        if raw.type & defaults != 0 { return .standard }
        if raw.type & indexed != 0 { return .index(Int(raw.indexed.idx)) }
        return .rgb(red: Int(raw.rgb.red), green: Int(raw.rgb.green), blue: Int(raw.rgb.blue))
    }

    private func press(_ key: VTermKey, _ modifiers: VTermModifier = VTERM_MOD_NONE) {
        vterm_keyboard_key(terminal, key, modifiers)
    }

    private func answer() -> [UInt8] {
        var result: [UInt8] = []
        var portion = [CChar](repeating: 0, count: 256)
        while case let count = vterm_output_read(terminal, &portion, portion.count), count > 0 {
            result += portion.prefix(count).map(UInt8.init(bitPattern:))
        }
        return result
    }
}
