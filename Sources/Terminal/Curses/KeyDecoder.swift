/// Makes events of what curses hands over: bytes, and keys that it knows.
///
/// Bytes of one character, or of one pasted text, may come in several portions; it keeps what is unfinished.
struct KeyDecoder {
    /// One item from the terminal.
    enum Input: Equatable {
        case byte(UInt8)
        case key(Key)
        case pasteBegins
        case pasteEnds
        /// A key that nobody here has a use for.
        case other
    }

    private var partial: [UInt8] = []
    private var pasted: String?

    /// Decodes a portion: all that was waiting.
    mutating func decode(_ portion: [Input]) -> [Event] {
        var events: [Event] = []
        var rest = portion[...]
        while let input = rest.popFirst() {
            switch input {
            case .pasteBegins: pasted = ""
            case .pasteEnds:
                if let text = pasted { events.append(.paste(text)) }
                pasted = nil
            case .other: continue
            case .key(let key): if pasted == nil { events.append(.key(key)) }
            case .byte(0x1B) where pasted == nil:
                if let key = Self.escaped(&rest) { events.append(.key(key)) }
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

    /// What follows Esc at once was sent by one key: a letter with Alt, or a sequence unknown to curses.
    private static func escaped(_ rest: inout ArraySlice<Input>) -> Key? {
        guard case .byte(let byte) = rest.first, (0x20..<0x7F).contains(byte) else { return .escape }
        rest.removeFirst()
        guard byte == UInt8(ascii: "[") || byte == UInt8(ascii: "O"), !rest.isEmpty else {
            return .alt(Character(Unicode.Scalar(byte)))
        }
        while case .byte(let next) = rest.popFirst(), !(0x40...0x7E).contains(next) {}
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

    /// The character that `byte` completes, if it does.
    private mutating func assemble(_ byte: UInt8) -> Character? {
        // A lead byte or ASCII: what was unfinished never will be.
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
