/// Decodes the input of curses, bytes and known keys, into events.
///
/// Bytes of a character, of pasted text or of a report may arrive in several portions; incomplete input is kept.
struct KeyDecoder {
    /// One item from the terminal.
    enum Input: Equatable {
        case byte(UInt8)
        case key(Key)
        case pasteBegins
        case pasteEnds
        /// ESC `[<`; the rest of the report follows.
        case mouseBegins
        /// An unsupported key.
        case other
    }

    private var partial: [UInt8] = []
    private var pasted: String?
    private var report: TerminalReport?
    /// Bytes at the end of the last portion that were taken for a key, and may be the start of a report.
    private var tail: [Input] = []

    /// The terminal's last answer to ``BackgroundColor/question``.
    private(set) var background: RGB?

    /// Decodes a portion of pending input.
    mutating func decode(_ portion: [Input]) -> [Event] {
        guard !portion.isEmpty else { return [] }
        var events: [Event] = []
        // A slow connection may cut a report after its first bytes. The key that they seemed to be is out, but the
        // rest must not be typed.
        let joined = tail + portion
        let isCut = !tail.isEmpty && Self.starts.contains { joined.starts(with: $0) }
        tail = []
        var rest = isCut ? joined[...] : portion[...]
        while let input = rest.popFirst() {
            if report != nil, case .byte(let byte) = input {
                if let event = takeReport(byte, &rest) { events.append(event) }
                continue
            }
            report = nil
            switch input {
            case .pasteBegins: pasted = ""
            case .pasteEnds:
                if let text = pasted { events.append(.paste(text)) }
                pasted = nil
            case .mouseBegins: if pasted == nil { report = TerminalReport(.control, startingWith: "<") }
            case .other: continue
            case .key(let key): if pasted == nil { events.append(.key(key)) }
            case .byte(0x1B) where pasted == nil:
                if let key = escaped(&rest) { events.append(.key(key)) }
            case .byte(let byte):
                guard let character = assemble(byte) else { continue }
                if pasted != nil {
                    pasted?.append(character == "\r" ? "\n" : character)
                } else {
                    events.append(.key(Self.key(character)))
                }
            }
        }
        return events
    }

    /// The beginnings of the reports that are asked for.
    private static let starts = ["\u{1B}[<", "\u{1B}]11;"].map { $0.utf8.map { Input.byte($0) } }

    /// Input immediately after Esc is from one key: a letter with Alt, or a sequence unknown to curses.
    private mutating func escaped(_ rest: inout ArraySlice<Input>) -> Key? {
        if let next = rest.first, [.key(.backspace), .byte(0x7F), .byte(0x08)].contains(next) {
            rest.removeFirst()
            return .wordBackspace
        }
        guard case .byte(let byte) = rest.first, (0x20..<0x7F).contains(byte) else {
            if rest.isEmpty { tail = [.byte(0x1B)] }
            return .escape
        }
        rest.removeFirst()
        switch (byte, rest.first) {
        case (UInt8(ascii: "["), .some), (UInt8(ascii: "O"), .some): report = TerminalReport(.control)
        case (UInt8(ascii: "]"), .byte(UInt8(ascii: "0")...UInt8(ascii: "9"))):
            report = TerminalReport(.command)
        default:
            if rest.isEmpty { tail = [.byte(0x1B), .byte(byte)] }
            return .alt(Character(Unicode.Scalar(byte)))
        }
        return nil
    }

    private mutating func takeReport(_ byte: UInt8, _ rest: inout ArraySlice<Input>) -> Event? {
        guard let outcome = report?.take(byte), outcome != .incomplete else { return nil }
        report = nil
        switch outcome {
        case .mouse(let event): return .mouse(event)
        case .background(let colour): background = colour
        case .broken(let afterEscape):
            let unread: [Input] = (afterEscape ? [.byte(0x1B)] : []) + [.byte(byte)]
            rest = (unread + rest)[...]
        case .incomplete, .ignored: break
        }
        return nil
    }

    private static func key(_ character: Character) -> Key {
        guard let code = character.asciiValue else { return .character(character) }
        switch code {
        case 0x09: return .tab
        case 0x0A, 0x0D: return .enter
        case 0x08, 0x7F: return .backspace
        case 0x00: return .control(" ")
        case 0x01..<0x20: return .control(Character(Unicode.Scalar(code + (code < 0x1B ? 0x60 : 0x40))))
        default: return .character(character)
        }
    }

    /// The character completed by `byte`, if any.
    private mutating func assemble(_ byte: UInt8) -> Character? {
        // A lead byte or ASCII: the incomplete character is discarded.
        if byte & 0xC0 != 0x80 { partial = [] }
        partial.append(byte)
        guard partial.count >= Self.length(lead: partial[0]) else { return nil }
        defer { partial = [] }
        return String(validating: partial, as: UTF8.self)?.first
    }

    private static func length(lead: UInt8) -> Int {
        switch lead {
        case 0xC2..<0xE0: 2
        case 0xE0..<0xF0: 3
        case 0xF0..<0xF5: 4
        default: 1
        }
    }
}
