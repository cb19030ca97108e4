import CNCurses
import FoundationEssentials

/// The user's terminal, through curses. Only one at a time. ``close()`` restores the terminal, and so do a crash and
/// the end of a program that closes on ``Event/interrupted(signal:)``.
@MainActor
public final class CursesScreen: Screen {
    public private(set) var size: Size
    public let glyphs: Glyphs
    public let waker = Waker { cn_wake() }

    private let abilities: TerminalAbilities
    private var painter: CursesPainter
    private let log: String?
    private var decoder = KeyDecoder()
    private var pending: [Event] = []
    private var isOpen = true
    private var hasHungUp = false
    /// Until when to wait for the terminal's answer about its background before others read from it; nil: not
    /// asked, or answered.
    private var answerDeadline: ContinuousClock.Instant?

    /// Takes control of the terminal: standard input and output if they are a terminal, otherwise the controlling
    /// terminal.
    ///
    /// - Parameters:
    ///   - environment: `TERM`, `TMUX`, `COLORFGBG` and `NO_COLOR` are read from it; the locale is always the
    ///     process's own.
    ///   - log: a file that receives standard error while the screen is open, created with mode 0600. A stray
    ///     line would garble the screen, and after a crash the file contains the last output.
    ///   - theme: with `auto`, the first frame has the theme of `COLORFGBG`, or the dark one, and ``Event/resized(_:)``
    ///     follows when the terminal tells another background.
    public init(
        environment: [String: String], log: String? = nil, theme: Theme = .auto
    ) throws(ScreenUnavailable) {
        if let refusal = Self.refusal(environment: environment) { throw refusal }
        let isUnicode = cn_use_locale()
        let name = environment["TERM"] ?? ""
        abilities = TerminalAbilities(environment: environment)
        if let log, !cn_redirect_errors(log) {
            throw ScreenUnavailable(
                "Cannot write the log \(log). Choose a writable directory.")
        }
        let note = log.map { "The program crashed. Crash report: \($0)" }
        guard cn_open(name, note, abilities.reportsMouse) else {
            cn_restore_errors()
            throw ScreenUnavailable(
                "Cannot open the terminal: this program already uses it, or it was closed.")
        }
        self.log = log
        glyphs = !isUnicode ? .ascii : name.hasPrefix("linux") ? .console : .unicode
        let palette = Palette(
            colours: Int(cn_colours()),
            theme: theme == .auto ? BackgroundColor.theme(environment: environment) : theme,
            environment: environment)
        painter = CursesPainter(palette: palette)
        size = Self.measure()
        if theme == .auto, palette.depth != .none, abilities.tellsBackground {
            send(BackgroundColor.question)
            answerDeadline = .now + .milliseconds(100)
        }
    }

    /// Why a screen cannot be opened; nil if it can.
    public static func refusal(environment: [String: String]) -> ScreenUnavailable? {
        guard let type = environment["TERM"], !type.isEmpty else {
            return ScreenUnavailable("TERM is not set: unknown terminal type.")
        }
        guard cn_find_terminal() else {
            return ScreenUnavailable(
                "No terminal: neither standard input and output nor /dev/tty is a terminal.")
        }
        switch Int(cn_judge_type(type)) {
        case CN_USABLE: return nil
        case CN_UNKNOWN_TYPE:
            return ScreenUnavailable(
                "The terminal type '\(type)' (TERM) is unknown on this machine. Try TERM=xterm-256color.")
        default:
            return ScreenUnavailable(
                "A terminal of type '\(type)' (TERM) does not support cursor positioning.")
        }
    }

    /// Restores the terminal. A second call has no effect.
    public func close() {
        guard isOpen else { return }
        awaitAnswer()
        isOpen = false
        cn_close()
        cn_restore_errors()
    }

    public func suspended<Result, Thrown: Error>(
        _ body: () throws(Thrown) -> Result
    ) throws(Thrown) -> Result {
        guard isOpen else { return try body() }
        awaitAnswer()
        cn_suspend()
        cn_restore_errors()
        defer {
            // The log could be opened before; without it the screen may only be garbled.
            if let log { _ = cn_redirect_errors(log) }
            cn_resume()
            updateSize()
        }
        return try body()
    }

    public func copy(_ text: String) -> Bool {
        // Terminals limit the length, and drop a longer text without a word.
        guard isOpen, abilities.takesClipboard, text.utf8.count <= 8192 else { return false }
        send("\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{7}")
        return true
    }

    private func send(_ sequence: String) {
        sequence.withCString { cn_send($0, UInt(sequence.utf8.count)) }
    }

    public func show(_ frame: Frame) {
        guard isOpen else { return }
        painter.paint(frame.resized(to: size).rendered(with: glyphs))
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
        announceSize()
    }

    private func announceSize() {
        // Only the last of several applies.
        pending.removeAll { if case .resized = $0 { true } else { false } }
        pending.append(.resized(size))
    }

    /// Redraws the whole screen, from a new frame.
    private func redraw() {
        cn_forget()
        announceSize()
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

    /// Rounded up, to avoid spinning for the last fraction of a millisecond.
    private static func milliseconds(_ duration: Duration) -> Int32 {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(clamping: max(0, milliseconds))
    }

    private func readAll() {
        readNotices()
        var portion: [KeyDecoder.Input] = []
        while let input = KeyDecoder.Input.next() { portion.append(input) }
        for event in decoder.decode(portion) {
            switch event {
            // The usual key to redraw the screen after other output.
            case .key(.control("l")): redraw()
            case .key(.control("z")): stop()
            default: pending.append(event)
            }
        }
        adoptBackground()
    }

    private func readNotices() {
        var isWoken = false
        while case let notice = cn_next_notice(), notice >= 0 {
            switch Int(notice) {
            case 0: isWoken = true
            case CN_NOTICE_RESIZED: updateSize()
            case CN_NOTICE_STOP: stop()
            case CN_NOTICE_CONTINUED:
                cn_recover()
                updateSize()
                redraw()
            default: pending.append(.interrupted(signal: notice))
            }
        }
        if isWoken { pending.append(.woken) }
    }

    /// Lets the shell have the terminal until it continues this program.
    private func stop() {
        suspended { cn_stop() }
        redraw()
    }
}

// MARK: - Background

extension CursesScreen {
    private func adoptBackground() {
        guard answerDeadline != nil, let background = decoder.background else { return }
        answerDeadline = nil
        let theme: Theme = background.isLight ? .light : .dark
        guard theme != painter.palette.theme else { return }
        painter.palette.theme = theme
        redraw()
    }

    /// Before others read from the terminal: the answer would be typed into the shell.
    private func awaitAnswer() {
        while let deadline = answerDeadline, case let left = deadline - .now, left > .zero {
            let found = Int(cn_wait(Self.milliseconds(left)))
            guard found & CN_HANGUP == 0 else { return }
            readAll()
        }
    }
}
