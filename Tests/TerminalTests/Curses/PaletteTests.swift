@testable import Terminal
import Testing

struct PaletteTests {
    @Test(
        arguments: [
            (0, nil, Palette.none), (2, nil, .none), (8, nil, .eight), (16, nil, .eight), (88, nil, .eight),
            (256, nil, .many), (16_777_216, nil, .many), (256, "1", .none), (256, "", .many),
        ] as [(Int, String?, Palette)])
    func coloursAreWhatTheTerminalHasAndTheUserWants(colours: Int, noColour: String?, palette: Palette) {
        #expect(Palette(colours: colours, environment: noColour.map { ["NO_COLOR": $0] } ?? [:]) == palette)
    }

    @Test func everyInkIsAColourWhereThereAreMany() {
        #expect(TextAttributes.Color.allCases.allSatisfy { Palette.many.colour($0) != nil })
        #expect(TextAttributes.Color.allCases.allSatisfy { Palette.none.colour($0) == nil })
    }

    @Test func stylesThatMatterDifferWithoutColours() {
        let plain = Style.plain.look
        for style in [Style.title, .warning, .failure, .selected, .field, .focusedField, .key] {
            let look = style.look
            #expect((look.bold, look.underline, look.reverse) != (plain.bold, plain.underline, plain.reverse))
        }
    }
}
