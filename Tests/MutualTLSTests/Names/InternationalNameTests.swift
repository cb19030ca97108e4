@testable import MutualTLS
import Testing

struct InternationalNameTests {
    /// The samples of RFC 3492, section 7.1, without the punctuation that host names do not allow.
    static let samples = [
        ("ليهمابتكلموشعربي", "xn--mgbcah9ar9a4efegftvvn"),
        ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"),
        ("他們爲什麽不說中文", "xn--ihqwctvzc91f659drss3x8bo0yb"),
        ("pročprostěnemluvíčesky", "xn--proprostnemluvesky-uyb24dma41a"),
        ("למההםפשוטלאמדבריםעברית", "xn--4dbcagdahymbxekheh6e0a7fei0b"),
        ("यहलोगहिन्दीक्योंनहींबोलसकतेहैं", "xn--i1baa7eci9glrd9b2ae1bj0hfcgg6iyaf8o0a1dig0cd"),
        ("なぜみんな日本語を話してくれないのか", "xn--n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa"),
        ("почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"),
        ("porquénopuedensimplementehablarenespañol", "xn--porqunopuedensimplementehablarenespaol-fmd56a"),
        ("tạisaohọkhôngthểchỉnóitiếngviệt", "xn--tisaohkhngthchnitingvit-kjcr8268qyxafd2f1b9g"),
        ("3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"),
        ("安室奈美恵-with-super-monkeys", "xn---with-super-monkeys-pc58ag80a8qai00g7n9n"),
        ("hello-another-way-それぞれの場所", "xn--hello-another-way--fc4qua05auwb3674vfr0b"),
        ("ひとつ屋根の下2", "xn--2-u9tlzr9756bt3uc0v"),
        ("majiでkoiする5秒前", "xn--majikoi5-783gue6qz075azm5e"),
        ("パフィーdeルンバ", "xn--de-jg4avhby1noc0d"),
        ("そのスピードで", "xn--d9juau41awczczp"),
    ]

    @Test(arguments: samples)
    func labelsHaveTwoForms(letters: String, encoded: String) throws {
        #expect(try InternationalName.ascii(letters) == encoded)
        #expect(InternationalName.unicode(encoded).map(Array.init(scalarsOf:)) == Array(scalarsOf: letters))
    }

    @Test(arguments: [
        ("bücher.example.com", "xn--bcher-kva.example.com"), ("*.bücher.example", "*.xn--bcher-kva.example"),
        ("www.münchen.straße.example", "www.xn--mnchen-3ya.xn--strae-oqa.example"),
        ("faß.example", "xn--fa-hia.example"), ("βόλος.example", "xn--nxasmm1c.example"),
    ])
    func namesHaveTwoForms(letters: String, encoded: String) throws {
        #expect(try InternationalName.ascii(letters) == encoded)
        #expect(InternationalName.unicode(encoded) == letters)
    }

    @Test(arguments: [
        "", ".", "a..b", "Host.Example.COM", "*.a.example", "my_host", "-a", "xn--99999999", "a b",
    ])
    func labelsInASCIIStayAsTheyAre(name: String) throws {
        #expect(try InternationalName.ascii(name) == name)
    }

    @Test(arguments: [
        ("BÜCHER.Example", "xn--bcher-kva.Example"), ("ΒΌΛΟΣ", "xn--nxasmq6b"), ("STRAẞE", "xn--strae-oqa"),
        ("İ", "xn--i-9bb"), ("\u{212A}", "k"),
        ("bücher。example．com｡", "xn--bcher-kva.example.com."),
    ])
    func capitalsAndOtherFullStopsAreMapped(typed: String, encoded: String) throws {
        #expect(try InternationalName.ascii(typed) == encoded)
    }

    /// One name must not have two encodings.
    @Test(arguments: [
        ("u\u{308}", "xn--tda"), ("U\u{308}", "xn--tda"),
        // Two marks in each order; the second one merges with the letter, or not.
        ("o\u{302}\u{323}", "xn--8lg"), ("o\u{323}\u{302}", "xn--8lg"), ("ọ\u{302}", "xn--8lg"),
        ("ü\u{323}", "xn--ssa973l"), ("u\u{323}\u{308}", "xn--ssa973l"), ("u\u{308}\u{323}", "xn--ssa973l"),
        ("か\u{3099}", "xn--v8j"), ("\u{1112}\u{1161}\u{11AB}", "xn--6q8b"), ("하\u{11AB}", "xn--6q8b"),
        // One character for another one, and one for two that stay two.
        ("\u{1F71}", "xn--hxa"), ("\u{F900}", "xn--oh3a"), ("\u{958}", "xn--11b2f"),
        ("\u{915}\u{93C}", "xn--11b2f"),
    ])
    func equalTextsHaveOneForm(typed: String, encoded: String) throws {
        #expect(try InternationalName.ascii(typed) == encoded)
    }

    @Test(arguments: [
        ("a.☃.example", "“☃” (U+2603)"), ("i❤️.example", "“❤” (U+2764)"), ("👩‍💻.example", "“👩” (U+1F469)"),
        ("ﬁnanz.example", "“ﬁ” (U+FB01)"), ("ｂücher.example", "“ｂ” (U+FF42)"),
        ("my_bücher.example", "“_” (U+5F)"),
        ("web*ü.example", "“*” (U+2A)"), ("a½.example", "“½” (U+BD)"), ("مـح.example", "(U+640)"),
        ("\u{1112}.example", "(U+1112)"), ("a\u{20DD}.example", "(U+20DD)"), ("\u{E000}.example", "(U+E000)"),
        // Joiners, a variation selector, changes of direction, a soft hyphen and a line end.
        ("क्\u{200D}ष.example", ": U+200D"), ("a\u{200C}b.example", ": U+200C"),
        ("ü\u{FE0F}.example", ": U+FE0F"),
        ("ü\u{202E}moc.example", ": U+202E"), ("ü\u{2066}a.example", ": U+2066"),
        ("a\u{AD}ü.example", ": U+AD"),
        ("ü\na.example", ": U+A"),
        ("\u{308}u.example", "combining mark"), ("a.\u{93E}क.example", "combining mark"),
        ("-ü.example", "hyphen"), ("-\u{301}ü.example", "hyphen"), ("ü-.example", "hyphen"),
        ("xn--ü.example", "hyphen"),
        ("세계의모든사람들이한국어를이해한다면얼마나좋을까", "63 characters"),
    ])
    func otherLabelsAreRefused(name: String, reason: String) throws {
        let problem = try #require(throws: InternationalName.Problem.self) {
            try InternationalName.ascii(name)
        }
        // By scalars, since a mark can be the first one after the quotation mark.
        #expect(problem.message.unicodeScalars.starts(with: "The label “".unicodeScalars))
        #expect(problem.message.contains(reason))
        #expect(!problem.message.contains("example") && problem.message.count < 200)
        #expect(!problem.message.unicodeScalars.contains { $0.properties.isDefaultIgnorableCodePoint })
    }

    @Test func aLabelHasAtMost63Characters() throws {
        let longest = try InternationalName.ascii("ü" + String(repeating: "a", count: 55))
        #expect(longest.utf8.count == 63)
        #expect(throws: InternationalName.Problem.self) {
            try InternationalName.ascii("ü" + String(repeating: "a", count: 56))
        }
    }

    @Test(.timeLimit(.minutes(10))) func aTextOfAnyLengthIsRefusedAtOnce() throws {
        let text = String(repeating: "ü", count: 100_000)
        let problem = try #require(throws: InternationalName.Problem.self) {
            try InternationalName.ascii(text)
        }
        #expect(problem.message.hasSuffix("ü…” has more than 63 characters in its ASCII form"))
        #expect(InternationalName.unicode("xn--" + String(repeating: "z", count: 100_000)) == nil)
    }

    @Test(arguments: [
        // Nothing is encoded, nothing follows the prefix, or there is no letter beyond ASCII.
        "example.com", "bücher.example", "", "xn--", "xn--abc-", "xn---", "a.xn--.example",
        // Steps that overflow or do not end, scalars that do not exist, and half of a pair.
        "xn--99999999", "xn--" + String(repeating: "9", count: 59), "xn--bcher-kva99999999", "xn--bcher-kv",
        "xn--0000h", "xn--ib9b", "xn--a-qo7g", "xn--b_cher-kva", "xn--bcher-kv_",
        // Ü, u with its mark, ☃, a joiner, a full stop, a mark at the start, and two labels of which one is good.
        "xn--wca", "xn--u-ccb", "xn--n3h", "xn--ab-m1t", "xn--ab-r13a", "xn--u-ybb", "xn--bcher-kva.xn--n3h",
    ])
    func namesThatAreNotExactlyEncodedAreNotDecoded(name: String) {
        #expect(InternationalName.unicode(name) == nil)
    }

    @Test func encodedNamesAreDecodedInAnyCase() {
        #expect(InternationalName.unicode("WWW.XN--BCHER-KVA.Example") == "www.bücher.example")
    }

    @Test func everyLabelIsDecodedToItself() throws {
        let scripts: [ClosedRange<UInt32>] = [
            0x61...0x7A, 0x30...0x39, 0xDF...0xF6, 0x3B1...0x3C9, 0x430...0x44F, 0x5D0...0x5EA, 0x671...0x674,
            0x905...0x928, 0x3042...0x304A, 0x4E00...0x9FA5, 0xAC00...0xD7A3, 0x20000...0x2A6D6,
        ]
        var source = Source(state: 3492)
        for _ in 0..<300 {
            let scalars = (0..<Int.random(in: 0...10, using: &source)).compactMap { _ in
                scripts.randomElement(using: &source).map { UInt32.random(in: $0, using: &source) }
                    .flatMap(Unicode.Scalar.init)
            }
            let label = String(String.UnicodeScalarView(scalars + ["é"]))
            let encoded = try InternationalName.ascii(label)
            #expect(InternationalName.unicode(encoded).map(Array.init(scalarsOf:)) == Array(scalarsOf: label))
        }
    }

    /// A certificate can contain any text.
    @Test func whatIsDecodedIsEncodedToItself() throws {
        var source = Source(state: 5891)
        var decoded = 0
        for _ in 0..<2_000 {
            let characters = (0..<Int.random(in: 1...12, using: &source)).compactMap { _ in
                "abcdefghijklmnopqrstuvwxyz0123456789-".randomElement(using: &source)
            }
            let name = "xn--" + String(characters)
            guard let letters = InternationalName.unicode(name) else { continue }
            decoded += 1
            #expect(try InternationalName.ascii(letters) == name)
        }
        #expect(decoded > 0)
    }

    /// The same numbers in each run.
    private struct Source: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }
}

extension Array<Unicode.Scalar> {
    /// For comparisons: two texts are already equal if only their normal forms are.
    fileprivate init(scalarsOf text: String) { self = Array(text.unicodeScalars) }
}
