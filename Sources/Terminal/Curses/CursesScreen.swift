import CNCurses

/// The user's terminal, through curses. One at a time; ``close()`` gives the terminal back as it was, and so
/// do a crash and the end of a program that closes on ``Event/interrupted(signal:)``.
@MainActor
public final class CursesScreen: Screen {
    public private(set) var size: Size
    public let glyphs: Glyphs
    public let waker = Waker { cn_wake() }

    private let palette: Palette
    private let log: String?
    private var decoder = KeyDecoder()
    private var pending: [Event] = []
    private var isOpen = true
    private var hasHungUp = false

    /// Takes over the terminal: standard input and output where they are one, else the controlling terminal.
    ///
    /// - Parameters:
    ///   - environment: `TERM` and `NO_COLOR` are read from it; the locale is always the process's own.
    ///   - log: a file that gets standard error for as long as the screen is open, made with mode 0600. A
    ///     stray line would spoil the screen, and after a crash the file has the last words.
    public init(environment: [String: String], log: String? = nil) throws(ScreenUnavailable) {
        if let refusal = Self.refusal(environment: environment) { throw refusal }
        let isUnicode = cn_use_locale()
        let type = environment["TERM"] ?? ""
        if let log, !cn_redirect_errors(log) {
            throw ScreenUnavailable(
                "The log \(log) cannot be written. Choose a folder that you may write to.")
        }
        let note = log.map { "The program crashed. Its last words are in \($0)." }
        guard cn_open(type, note) else {
            cn_restore_errors()
            throw ScreenUnavailable(
                "The terminal cannot be opened: it is in use by this program already, or gone.")
        }
        self.log = log
        glyphs = !isUnicode ? .ascii : type.hasPrefix("linux") ? .console : .unicode
        palette = Palette(colours: Int(cn_colours()), environment: environment)
        for ink in TextAttributes.Color.allCases {
            guard let colour = palette.colour(ink) else { continue }
            cn_define_pen(Int32(ink.rawValue), Int32(colour))
        }
        size = Self.measure()
    }

    /// Why a screen cannot be opened here; nil when it can.
    public static func refusal(environment: [String: String]) -> ScreenUnavailable? {
        guard let type = environment["TERM"], !type.isEmpty else {
            return ScreenUnavailable("TERM is not set, so the kind of terminal is unknown.")
        }
        guard cn_find_terminal() else {
            return ScreenUnavailable(
                "There is no terminal: neither standard input and output nor /dev/tty is one.")
        }
        switch Int(cn_judge_type(type)) {
        case CN_USABLE: return nil
        case CN_UNKNOWN_TYPE:
            return ScreenUnavailable(
                "The terminal type '\(type)' (TERM) is unknown on this machine. Try TERM=xterm-256color.")
        default:
            return ScreenUnavailable("A terminal of type '\(type)' (TERM) cannot place text on the screen.")
        }
    }

    /// Gives the terminal back. Does nothing the second time.
    public func close() {
        guard isOpen else { return }
        isOpen = false
        cn_close()
        cn_restore_errors()
    }

    public func suspended<Result, Thrown: Error>(
        _ body: () throws(Thrown) -> Result
    ) throws(Thrown) -> Result {
        guard isOpen else { return try body() }
        cn_suspend()
        cn_restore_errors()
        defer {
            // The log could be opened before; without it the screen may be spoilt, and that is all.
            if let log { _ = cn_redirect_errors(log) }
            cn_resume()
            updateSize()
        }
        return try body()
    }

    private static func measure() -> Size {
        var columns: Int32 = 0
        var rows: Int32 = 0
        cn_measure(&columns, &rows)
        return Size(columns: Int(columns), rows: Int(rows))
    }

    private func updateSize() {
        let now = Self.measure()
        guard now != size else { return }
        size = now
        // Only the last of several counts.
        pending.removeAll { if case .resized = $0 { true } else { false } }
        pending.append(.resized(now))
    }
}

// MARK: - Painting

extension CursesScreen {
    public func show(_ frame: Frame) {
        guard isOpen else { return }
        let frame = frame.resized(to: size).rendered(with: glyphs)
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

    private func attributes(_ look: TextAttributes) -> Int32 {
        var bits = 0
        if look.bold { bits |= CN_BOLD }
        if look.underline { bits |= CN_UNDERLINE }
        if look.reverse { bits |= CN_REVERSE }
        // Where there is no grey, dim may do.
        if look.ink == .muted, palette.colour(.muted) == nil { bits |= CN_DIM }
        return Int32(bits)
    }

    private func pen(_ look: TextAttributes) -> Int32 {
        guard let ink = look.ink, palette.colour(ink) != nil else { return 0 }
        return Int32(ink.rawValue)
    }
}

// MARK: - Waiting

extension CursesScreen {
    public func next(within patience: Duration?) -> Event? {
        let deadline = patience.map { ContinuousClock.now + $0 }
        while isOpen {
            if pending.isEmpty { readAll() }
            if !pending.isEmpty { return pending.removeFirst() }
            if hasHungUp { return .closed }
            let left = deadline.map { $0 - ContinuousClock.now }
            let found = Int(cn_wait(left.map(Self.milliseconds) ?? -1))
            hasHungUp = found & CN_HANGUP != 0
            if found == 0, let left, left <= .zero { return nil }
        }
        return .closed
    }

    /// Rounded up, or the last fraction of a millisecond would be spent spinning.
    private static func milliseconds(_ duration: Duration) -> Int32 {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(clamping: max(0, milliseconds))
    }

    private func readAll() {
        readNotices()
        var portion: [KeyDecoder.Input] = []
        while let input = Self.readInput() { portion.append(input) }
        for event in decoder.decode(portion) {
            // The usual way to ask for a fresh picture after something else wrote on it.
            if event == .key(.control("l")) {
                cn_forget()
                pending.append(.resized(size))
            } else {
                pending.append(event)
            }
        }
    }

    private func readNotices() {
        var isWoken = false
        while case let notice = cn_next_notice(), notice >= 0 {
            switch notice {
            case 0: isWoken = true
            case cn_resize_signal(): updateSize()
            default: pending.append(.interrupted(signal: notice))
            }
        }
        if isWoken { pending.append(.woken) }
    }

    private static func readInput() -> KeyDecoder.Input? {
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
