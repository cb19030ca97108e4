import Testing

@testable import Terminal

struct PaletteTests {
    private func palette(_ colours: Int, _ theme: Theme = .dark, _ noColour: String? = nil) -> Palette {
        Palette(colours: colours, theme: theme, environment: noColour.map { ["NO_COLOR": $0] } ?? [:])
    }

    @Test(
        arguments: [
            (0, nil, Palette.Depth.none), (2, nil, .none), (8, nil, .eight), (16, nil, .sixteen),
            (88, nil, .sixteen), (256, nil, .many), (16_777_216, nil, .direct), (256, "1", .none),
            (256, "", .many),
        ] as [(Int, String?, Palette.Depth)])
    func coloursAreWhatTheTerminalHasAndTheUserWants(colours: Int, noColour: String?, depth: Palette.Depth) {
        #expect(palette(colours, .dark, noColour).depth == depth)
    }

    @Test(arguments: Theme.allCases)
    func everyInkIsAColourWhereThereAreMany(theme: Theme) {
        for ink in TextAttributes.Color.allCases {
            #expect(palette(256, theme).colour(ink) != nil)
            #expect(palette(0, theme).colour(ink) == nil)
        }
    }

    /// The themes' own backgrounds, and those of widespread colour schemes.
    @Test(
        arguments: [
            (.dark, [Theme.dark.background, RGB(0), RGB(0x282C34), RGB(0x300A24), RGB(0x002B36)], 4.5),
            (.light, [Theme.light.background, RGB(0xFDF6E3), RGB(0xFBF1C7), RGB(0xEEEEEE)], 4.5),
            (.highContrast, [Theme.highContrast.background], 7),
        ] as [(Theme, [RGB], Double)])
    func everyInkIsReadableOnTheBackground(theme: Theme, backgrounds: [RGB], ratio: Double) throws {
        for ink in TextAttributes.Color.allCases {
            let indexed = RGB(indexed: try #require(palette(256, theme).colour(ink)))
            let direct = RGB(try #require(palette(1 << 24, theme).colour(ink)))
            for background in backgrounds {
                #expect(indexed.contrast(with: background) >= ratio, "\(ink) on \(background.hexadecimal)")
                #expect(direct.contrast(with: background) >= ratio, "\(ink) on \(background.hexadecimal)")
            }
        }
        #expect(theme.text.contrast(with: theme.background) >= 7)
    }

    @Test func onlyHighContrastReplacesTheUsersBackground() throws {
        for theme in [Theme.auto, .dark, .light] { #expect(palette(256, theme).defaults == nil) }
        for colours in [8, 16, 256, 1 << 24] {
            #expect(palette(colours, .highContrast).defaults != nil)
        }
        #expect(palette(256, .highContrast, "1").defaults == nil)
        let own = try #require(palette(256, .highContrast).defaults)
        #expect(RGB(indexed: own.text).contrast(with: RGB(indexed: own.background)) == 21)
    }

    @Test func greyIsDimWhereThereIsNone() {
        #expect(palette(8).dimsMuted)
        #expect(palette(0).dimsMuted)
        #expect(!palette(256).dimsMuted)
        #expect(!palette(0, .highContrast).dimsMuted)
    }

    @Test func coloursThatAreNotThereAreNotUsed() {
        for (count, theme) in [8, 16].flatMap({ count in Theme.allCases.map { (count, $0) } }) {
            let colours = TextAttributes.Color.allCases.compactMap { palette(count, theme).colour($0) }
            #expect(colours.allSatisfy { (0..<count).contains($0) })
        }
    }

    @Test func stylesThatMatterDifferWithoutColours() {
        let plain = Style.plain.look
        let styles: [Style] = [
            .title, .warning, .failure, .selected, .field, .focusedField, .key, .danger, .button,
            .focusedButton,
        ]
        for style in styles {
            let look = style.look
            #expect((look.bold, look.underline, look.reverse) != (plain.bold, plain.underline, plain.reverse))
        }
    }
}
