/// A sequence that the terminal sends: a key that curses does not know, a report of the mouse, an answer. It may arrive
/// in portions.
struct TerminalReport {
    enum Kind {
        /// ESC `[` … final byte.
        case control
        /// ESC `]` … BEL or ESC `\`.
        case command
    }

    enum Outcome: Equatable {
        case incomplete
        case mouse(MouseEvent)
        case background(RGB)
        case ignored
        /// The byte does not belong to the sequence, which is garbage. After an ESC that did not end it, that
        /// does not either.
        case broken(afterEscape: Bool)
    }

    private let kind: Kind
    private var bytes: [UInt8]
    private var endsWithEscape = false

    /// Longer than every report that is understood.
    private static let limit = 64

    init(_ kind: Kind, startingWith start: String = "") {
        self.kind = kind
        bytes = Array(start.utf8)
    }

    mutating func take(_ byte: UInt8) -> Outcome {
        switch kind {
        case .control: takeControl(byte)
        case .command: takeCommand(byte)
        }
    }

    private mutating func takeControl(_ byte: UInt8) -> Outcome {
        switch byte {
        case 0x20..<0x40:
            keep(byte)
            return .incomplete
        case 0x40..<0x7F: return Self.mouse(bytes, final: byte).map { .mouse($0) } ?? .ignored
        default: return .broken(afterEscape: false)
        }
    }

    private mutating func takeCommand(_ byte: UInt8) -> Outcome {
        if endsWithEscape { return byte == UInt8(ascii: "\\") ? answer : .broken(afterEscape: true) }
        switch byte {
        case 0x07: return answer
        case 0x1B:
            endsWithEscape = true
            return .incomplete
        case 0x20..<0x7F:
            keep(byte)
            return .incomplete
        default: return .broken(afterEscape: false)
        }
    }

    private mutating func keep(_ byte: UInt8) {
        if bytes.count < Self.limit { bytes.append(byte) }
    }

    private var answer: Outcome {
        BackgroundColor.answer(String(decoding: bytes, as: UTF8.self)).map { .background($0) } ?? .ignored
    }

    /// `<button;column;row` and M for pressed, m for released (xterm's "SGR" reports). Bits 2 to 4 of the button are
    /// Shift, Alt and Control, bit 5 is a movement, bit 6 the wheel.
    private static func mouse(_ bytes: [UInt8], final: UInt8) -> MouseEvent? {
        let isPressed = final == UInt8(ascii: "M")
        guard bytes.first == UInt8(ascii: "<"), isPressed || final == UInt8(ascii: "m") else { return nil }
        let fields = bytes.dropFirst().split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        let numbers = fields.compactMap { UInt16(String(decoding: $0, as: UTF8.self)).map(Int.init) }
        guard fields.count == 3, numbers.count == 3, numbers[1] > 0, numbers[2] > 0 else { return nil }
        let gesture: MouseEvent.Gesture
        switch (numbers[0] & ~0b1_1100, isPressed) {
        case (0, true): gesture = .press
        case (0, false): gesture = .release
        case (64, true): gesture = .scrollUp
        case (65, true): gesture = .scrollDown
        default: return nil
        }
        return MouseEvent(gesture: gesture, point: Point(column: numbers[1] - 1, row: numbers[2] - 1))
    }
}
