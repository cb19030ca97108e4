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
        ("\u{1B}f", .alt("f")), ("\u{1B}\u{7F}", .wordBackspace), ("\u{1B}[", .alt("[")),
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

    private static let press = Event.mouse(MouseEvent(gesture: .press, point: Point(column: 11, row: 4)))

    @Test func aReportOfTheMouseIsOneEventWhereverItIsCut() {
        let report = bytes("\u{1B}[<0;12;5M")
        for cut in 0...report.count {
            let events = decode(Array(report[..<cut]), [], Array(report[cut...]) + bytes("x"))
            #expect(events.suffix(2) == [Self.press, .key(.character("x"))])
            // A cut after the first bytes is a key that is not typed text.
            let others = events.dropLast(2)
            #expect(
                others.isEmpty || others == [.key(.escape)] || others == [.key(.alt("["))], "cut at \(cut)")
        }
    }

    @Test func aReportThatCursesHasRecognizedIsTheSame() {
        #expect(decode([.mouseBegins] + bytes("0;12;5M")) == [Self.press])
        #expect(decode([.mouseBegins], bytes("0;1"), bytes("2;5Mx")) == [Self.press, .key(.character("x"))])
        #expect(decode([.pasteBegins, .mouseBegins, .pasteEnds]) == [.paste("")])
    }

    @Test func aBrokenReportTypesNothingAndLosesNoKey() {
        #expect(decode([.mouseBegins], bytes("0;1"), [.key(.up)]) == [.key(.up)])
        #expect(decode([.mouseBegins], bytes("0;1\r")) == [.key(.enter)])
        #expect(decode([.mouseBegins], bytes("0;1") + bytes("\u{1B}[<0;12;5M")) == [Self.press])
        #expect(decode([.mouseBegins], bytes("9999999999999999999;;;;M")) == [])
        #expect(decode(bytes("\u{1B}]11;rgb\r")) == [.key(.enter)])
        #expect(decode(bytes("\u{1B}]11;\u{1B}[<0;12;5M")) == [Self.press])
    }

    @Test func anAnswerAboutTheBackgroundTypesNothingWhereverItIsCut() {
        for end in ["\u{7}", "\u{1B}\\"] {
            let answer = bytes("\u{1B}]11;rgb:1e1e/1e1e/2e2e" + end)
            for cut in 0...answer.count {
                var decoder = KeyDecoder()
                let events = [answer[..<cut], answer[cut...], bytes("x")[...]].flatMap {
                    decoder.decode(Array($0))
                }
                #expect(decoder.background == RGB(0x1E1E2E), "cut at \(cut)")
                #expect(events.last == .key(.character("x")))
                let others = events.dropLast()
                #expect(others.isEmpty || others == [.key(.escape)] || others == [.key(.alt("]"))])
            }
        }
    }

    @Test func altWithABracketIsAKey() {
        #expect(decode(bytes("\u{1B}]"), bytes("1")) == [.key(.alt("]")), .key(.character("1"))])
        #expect(decode(bytes("\u{1B}]x")) == [.key(.alt("]")), .key(.character("x"))])
    }

    @Test func noNoiseOnTheLineIsACrash() {
        var state: UInt64 = 1
        var decoder = KeyDecoder()
        let likely = Array("\u{1B}[]<;0123456789Mm\u{7}\\rgb:/?".utf8)
        for _ in 0..<5000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let random = UInt8(truncatingIfNeeded: state >> 40)
            let byte = state >> 62 == 0 ? random : likely[Int(random) % likely.count]
            _ = decoder.decode([.byte(byte), .byte(likely[Int(state >> 50) % likely.count])])
        }
        // Whatever came before, keys work again.
        _ = decoder.decode([.key(.up)])
        #expect(decoder.decode(bytes("x")) == [.key(.character("x"))])
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
