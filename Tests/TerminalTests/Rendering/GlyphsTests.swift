@testable import Terminal
import Testing

struct GlyphsTests {
    @Test(arguments: [Glyphs.unicode, .ascii, .console])
    func everySymbolIsOneColumnWide(glyphs: Glyphs) {
        for symbol in symbols(of: glyphs) { #expect(Text.width(symbol) == 1, "\(symbol)") }
    }

    @Test func everySymbolHasItsCounterpartInASCII() {
        for (symbol, counterpart) in zip(ownSymbols(of: .unicode), ownSymbols(of: .ascii)) {
            #expect(counterpart.isASCII)
            #expect(Glyphs.ascii.substitute(for: symbol) == counterpart)
        }
    }

    @Test func aSpinnerTurnsWithEverySetOfSymbols() {
        for frame in Glyphs.unicode.spinner {
            #expect(Glyphs.ascii.spinner.contains(Glyphs.ascii.substitute(for: frame)))
            #expect(Glyphs.console.spinner.contains(Glyphs.console.substitute(for: frame)))
        }
        let frames = Glyphs.unicode.spinner.map(Glyphs.ascii.substitute)
        #expect(zip(frames, frames.dropFirst()).allSatisfy { $0 != $1 })
    }

    @Test func theConsoleHasTheCellsOfABar() {
        #expect(String("██░".map(Glyphs.console.substitute)) == "██░")
        #expect(String("██░".map(Glyphs.ascii.substitute)) == "##.")
    }

    @Test func signsOfSentencesHaveACounterpartInASCII() {
        let sentence = "it has 30×8 – “more” is needed"
        #expect(
            String(sentence.map(Glyphs.ascii.substitute)) == #"it has 30x8 - "more" is needed"#)
    }

    @Test func whatHasNoCounterpartIsAQuestionMarkInASCII() {
        #expect(Glyphs.ascii.substitute(for: "ж") == "?")
        #expect(Glyphs.console.substitute(for: "ж") == "ж")
        #expect(Glyphs.ascii.substitute(for: "x") == "x")
    }

    private func symbols(of glyphs: Glyphs) -> [Character] { ownSymbols(of: glyphs) + glyphs.spinner }

    /// All of them, including those that are added later.
    private func ownSymbols(of glyphs: Glyphs) -> [Character] {
        let own = Mirror(reflecting: glyphs).children.compactMap { $0.value as? Character }
        return own + Mirror(reflecting: glyphs.corners).children.compactMap { $0.value as? Character }
    }
}
