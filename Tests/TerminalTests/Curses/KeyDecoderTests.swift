@testable import Terminal
import Testing

struct KeyDecoderTests {
    private func bytes(_ text: String) -> [KeyDecoder.Input] { text.utf8.map { .byte($0) } }

    private func decode(_ portions: [KeyDecoder.Input]...) -> [Event] {
        var decoder = KeyDecoder()
        return portions.flatMap { decoder.decode($0) }
    }

    @Test(arguments: [
        ("\r", Key.enter), ("\n", .enter), ("\t", .tab), ("\u{7F}", .backspace), ("\u{8}", .backspace),
        ("\u{1}", .control("a")), ("\u{1A}", .control("z")), ("\u{1C}", .control("\\")),
        ("\u{0}", .control(" ")),
        ("é", .character("é")), ("配", .character("配")), ("😀", .character("😀")), ("\u{1B}", .escape),
        ("\u{1B}f", .alt("f")), ("\u{1B}[", .alt("[")),
    ])
    func bytesAreKeys(text: String, key: Key) {
        #expect(decode(bytes(text)) == [.key(key)])
    }

    @Test func aCharacterMayComeInPieces() {
        let pieces = bytes("配")
        #expect(decode([pieces[0]], [pieces[1]], [pieces[2]]) == [.key(.character("配"))])
    }

    @Test func bytesThatAreNoTextAreDropped() {
        #expect(decode([.byte(0xE9), .byte(0x78), .byte(0xFF), .byte(0x80)]) == [.key(.character("x"))])
    }

    @Test func aSequenceThatNobodyKnowsTypesNothing() {
        #expect(decode(bytes("\u{1B}[1;2Rx\u{1B}Oqy")) == [.key(.character("x")), .key(.character("y"))])
    }

    @Test func escapeTwiceIsTwoKeys() {
        #expect(decode(bytes("\u{1B}\u{1B}")) == [.key(.escape), .key(.escape)])
    }

    @Test func pastedTextIsOneEventHoweverItComes() {
        let text = decode(
            [.pasteBegins] + bytes("a\rb"), bytes("\u{1B}\t配"), [.key(.up), .pasteEnds, .key(.up)])
        #expect(text == [.paste("a\nb\u{1B}\t配"), .key(.up)])
    }

    @Test func theEndOfAPasteThatNeverBeganIsNothing() {
        #expect(decode([.pasteEnds, .other, .key(.home)]) == [.key(.home)])
    }
}
